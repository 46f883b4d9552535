package dev.fairlead.codec.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ErrorReadingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          404 | "code":null,"param":"input"                            | item_not_found
          404 | "param":"input"                                        | item_not_found
          404 | "code":"previous_response_not_found","param":"input"   | previous_response_not_found
          404 | "code":"model_not_found","param":null                  | model_not_found
          404 | "code":null,"param":"model"                            | invalid_request_error
          404 | "code":null,"param":7                                  | invalid_request_error
          400 | "code":null,"param":"input"                            | invalid_request_error
          """)
  void whatTheInputRefersToIsNoModel(int status, String members, String type) {
    Bytes body =
        Bytes.utf8(
            "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"," + members + "}}");

    assertThat(ErrorReading.read(status, body).type()).isEqualTo(type);
  }
}
