package dev.fairlead.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the effects of every exchange, checked as they come: one head, nothing behind the
 * end, every place given back exactly once and only after its call is over, one receipt and nothing
 * behind it.
 */
final class EffectRules {
  final List<String> log = new ArrayList<>();
  final List<String> pieces = new ArrayList<>();
  final List<Long> pieceTimes = new ArrayList<>();
  int attempt;
  int calls;
  int status;
  Headers headers = Headers.EMPTY;
  long contentLength = -1;
  boolean finished;
  boolean reset;
  boolean permitReleased;
  @Nullable Usage settled;
  @Nullable Receipt receipt;

  private long sentBytes;
  private boolean holdsPlace;
  private boolean granted;
  private boolean callOpen;

  /** Notes what the outside world did, so that the rules know which calls are over. */
  void happened(ExchangeEvent event) {
    switch (event) {
      case ExchangeEvent.CapacityGranted(int of) -> granted |= of == attempt && holdsPlace;
      case ExchangeEvent.UpstreamEnd(int of) -> callOpen &= of != attempt;
      case ExchangeEvent.UpstreamLost(int of, var _, var _) -> callOpen &= of != attempt;
      case ExchangeEvent.CapacityShed _,
          ExchangeEvent.UpstreamHead _,
          ExchangeEvent.UpstreamData _,
          ExchangeEvent.Tick _,
          ExchangeEvent.ClientStalled _,
          ExchangeEvent.ClientReady _,
          ExchangeEvent.ClientGone _,
          ExchangeEvent.Stopped _ -> {}
    }
  }

  void check(Effect effect, long nanos) {
    log.add(effect.getClass().getSimpleName());
    assertThat(receipt).as("an effect behind the receipt: %s", log).isNull();
    switch (effect) {
      case Effect.Acquire(int of, ProviderConfig _) -> {
        assertThat(of).as("attempts are numbered").isEqualTo(attempt + 1);
        assertThat(holdsPlace).as("a place is still held: %s", log).isFalse();
        attempt = of;
        holdsPlace = true;
        granted = false;
      }
      case Effect.Call(int of, ProviderConfig _, UpstreamRequest _) -> {
        assertThat(of).isEqualTo(attempt);
        assertThat(granted).as("called without a place: %s", log).isTrue();
        callOpen = true;
        calls++;
      }
      case Effect.Abort(int of) -> {
        assertThat(of).isEqualTo(attempt);
        callOpen = false;
      }
      case Effect.Release(int of) -> {
        assertThat(of).isEqualTo(attempt);
        assertThat(holdsPlace).as("given back twice: %s", log).isTrue();
        assertThat(callOpen).as("given back during the call: %s", log).isFalse();
        holdsPlace = false;
      }
      case Effect.Respond(int code, Headers sent, long length) -> {
        assertThat(status).as("a second head: %s", log).isZero();
        mayStillSend();
        status = code;
        headers = sent;
        contentLength = length;
      }
      case Effect.Forward(Bytes bytes) -> {
        assertThat(status).as("bytes without a head: %s", log).isNotZero();
        mayStillSend();
        pieces.add(bytes.utf8());
        pieceTimes.add(nanos);
        sentBytes += bytes.length();
      }
      case Effect.Finish() -> {
        assertThat(status).as("an end without a head: %s", log).isNotZero();
        mayStillSend();
        finished = true;
        if (contentLength >= 0) {
          assertThat(sentBytes).as("promised length").isEqualTo(contentLength);
        }
      }
      case Effect.Reset() -> {
        mayStillSend();
        reset = true;
      }
      case Effect.Closed(Receipt made) -> {
        assertThat(holdsPlace).as("a place is kept: %s", log).isFalse();
        assertThat(callOpen).as("a call is left open: %s", log).isFalse();
        assertThat(permitReleased).as("settled and released").isNotEqualTo(settled != null);
        assertThat(made.status()).isEqualTo(status);
        assertThat(made.replyBytes()).isEqualTo(sentBytes);
        if (settled != null) {
          assertThat(settled).isEqualTo(made.usage());
        }
        receipt = made;
      }
    }
  }

  private void mayStillSend() {
    assertThat(finished || reset).as("behind the end: %s", log).isFalse();
  }

  /** All the client was sent. */
  String text() {
    return String.join("", pieces);
  }

  int textBytes() {
    return text().getBytes(StandardCharsets.UTF_8).length;
  }

  int count(String piece) {
    return (int) pieces.stream().filter(piece::equals).count();
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }
}
