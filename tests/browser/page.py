"""The page in Chromium, and what a test asks of it."""

from __future__ import annotations

import shutil
import time

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

__all__ = ["Page", "open_browser"]


def open_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


class Page:
    def __init__(self, driver, url):
        self.driver, self.url = driver, url

    def open(self, *, path="/", width=1400, height=1000, dark=False, phone=False):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.size(width, height, phone=phone)
        self.driver.get(self.url + path)

    def size(self, width, height, *, phone=False):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone},
        )

    def text(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css).text

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def script(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def number(self, css):
        return int(self.text(css).replace(",", ""))

    def until(self, what, done, limit_s=30):
        end = time.monotonic() + limit_s
        while True:
            try:
                if done():
                    return
            except (StaleElementReferenceException, ValueError):
                pass  # it was redrawn just then
            if time.monotonic() > end:
                raise AssertionError(f"{what}: not within {limit_s}s; the page says: {self.text('body')[:1500]}")
            time.sleep(0.1)

    def still(self):
        """True when nothing on the page moves: no animation runs."""
        return self.script("return document.getAnimations().every(animation => animation.playState !== 'running')")

    def processor_seconds(self):
        """Processor time that the page's main thread has used so far, by whatever it did.

        Not time by the clock: a busy machine does not add to it.
        """
        metrics = self.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    def count_processor_time(self):
        self.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})

    def complaints(self):
        """Entries of the browser's console at level SEVERE: failed loads, errors of scripts, breaches of the policy."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
