import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Prints key, type of event and value of each record of a topic, from its beginning on.
 *
 * Arguments: brokers, topic, and how many records to read (none: for ever).
 */
public class ReadClaims {
  public static void main(String[] arguments) {
    long left = arguments.length > 2 ? Long.parseLong(arguments[2]) : Long.MAX_VALUE;
    Properties options = new Properties();
    options.putAll(
        Map.of(
            "bootstrap.servers", arguments[0],
            "group.id", "read-claims-" + UUID.randomUUID(),
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false",
            "isolation.level", "read_committed"));
    StringDeserializer text = new StringDeserializer();
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(options, text, text)) {
      consumer.subscribe(List.of(arguments[1]));
      while (left > 0) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          Header type = record.headers().lastHeader("ce_type");
          String kind = type == null ? "" : new String(type.value(), StandardCharsets.UTF_8);
          System.out.println(record.key() + "\t" + kind + "\t" + record.value());
          left--;
        }
      }
    }
  }
}
