"""What the worker shows of itself: metrics, health, lag, tracing, logs and the web page. It listens and changes nothing."""
