package dev.fairlead.codec.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.anthropic.messages.MessagesCodec;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MarkedThoughtTest {
  private static final String MARK =
      "{\"type\":\"redacted_thinking\",\"data\":\"fl1.anthropic-messages.r..\"}";

  @Test
  void callsWithoutThoughtAreMarkedOnce() {
    ReplyEvent first = new ReplyEvent.CallBegun(0, 0, "call_1", "f", CallKind.FUNCTION);
    ReplyEvent second = new ReplyEvent.CallBegun(0, 1, "call_2", "f", CallKind.FUNCTION);

    assertThat(written(new ReplyEvent.Text(0, "I look."), first, second)).containsOnlyOnce(MARK);
    assertThat(written(new ReplyEvent.Thinking(0, "hm"), first, second)).doesNotContain(MARK);
    assertThat(written(new ReplyEvent.Text(0, "I know."))).doesNotContain(MARK);
  }

  private static String written(ReplyEvent... content) {
    ReplyWriter writer =
        new MarkedThought(new MessagesCodec().bodyWriter(new ReplyContext("r", "m", 1, false)));
    List<Bytes> out = new ArrayList<>();
    Stream.of(
            Stream.of(new ReplyEvent.Opened("r", "m", 1)),
            Stream.of(content),
            Stream.of(new ReplyEvent.Finished(0, Stop.END, null), new ReplyEvent.Done()))
        .flatMap(events -> events)
        .forEach(event -> writer.write(event, out::add));
    return Bytes.concat(out).utf8();
  }
}
