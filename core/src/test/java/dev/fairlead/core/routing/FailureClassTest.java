package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Headers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureClassTest {
  private static final Instant NOW = Instant.parse("2026-10-21T07:28:00Z");

  @ParameterizedTest
  @CsvSource({
    "301, REDIRECT", "308, REDIRECT", "400, BAD_REQUEST", "401, UNAUTHORIZED",
        "402, PAYMENT_REQUIRED",
    "403, FORBIDDEN", "404, NOT_FOUND", "405, BAD_REQUEST", "408, REQUEST_TIMEOUT",
        "409, BAD_REQUEST",
    "413, BAD_REQUEST", "422, BAD_REQUEST", "429, RATE_LIMITED", "500, SERVER_ERROR",
        "501, SERVER_ERROR",
    "502, SERVER_ERROR", "503, OVERLOADED", "504, SERVER_ERROR", "529, OVERLOADED",
        "599, SERVER_ERROR",
    "999, SERVER_ERROR", "0, SERVER_ERROR"
  })
  void statuses(int status, FailureClass failure) {
    assertThat(FailureClass.ofStatus(status)).isEqualTo(failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | 3000",
        "' 3 ' | 3000",
        "1.5 | 1500",
        "0 | 1",
        "-5 | 1",
        "3600 | 3600000",
        "3601 | 3600000",
        "99999999999999999999 | 3600000",
        "'' | 0",
        "soon | 0",
        "NaN | 0",
        "Infinity | 0",
        "5d | 0",
        "0x10 | 0",
        "1e3 | 0",
        "1.2.3 | 0",
        "- | 0",
        "3 4 | 0",
        "Wed, 21 Oct 2026 07:28:30 GMT | 30000",
        "Wed, 21 Oct 2026 07:27:30 GMT | 1",
        "Fri, 31 Dec 9999 23:59:59 GMT | 3600000",
        "Wed, 99 Oct 2026 07:28:30 GMT | 0",
        "2026-10-21T07:28:30Z | 0"
      })
  void retryAfter(String value, long millis) {
    assertThat(FailureClass.retryAfter(Headers.of("Retry-After", value), NOW)).hasMillis(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "250, 250",
    "250.7, 250",
    "-1, 1",
    "0, 1",
    "1e9, 7000",
    "'', 7000",
    "soon, 7000",
    "99999999999, 3600000"
  })
  void milliseconds(String value, long millis) {
    Headers both = Headers.of("retry-after-ms", value, "retry-after", "7");
    assertThat(FailureClass.retryAfter(both, NOW)).hasMillis(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "429, insufficient_quota, PAYMENT_REQUIRED",
    "429, billing_hard_limit_reached, PAYMENT_REQUIRED",
    "403, insufficient_credits, PAYMENT_REQUIRED",
    "400, billing_error, PAYMENT_REQUIRED",
    "402, anything, PAYMENT_REQUIRED",
    "429, rate_limit_exceeded, RATE_LIMITED",
    "400, invalid_request_error, BAD_REQUEST",
    "403, permission_error, FORBIDDEN",
    "500, insufficient_quota, SERVER_ERROR"
  })
  void whatTheErrorNamesSaysWhetherMoneyIsMissing(int status, String type, FailureClass expected) {
    assertThat(FailureClass.of(status, type)).isEqualTo(expected);
  }

  @Test
  void aHugeValueOfDigitsIsNoNumber() {
    assertThat(FailureClass.retryAfter(Headers.of("retry-after", "9".repeat(8_000)), NOW)).isZero();
    assertThat(FailureClass.retryAfter(Headers.EMPTY, NOW)).isEqualTo(Duration.ZERO);
  }
}
