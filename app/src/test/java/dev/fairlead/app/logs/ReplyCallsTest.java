package dev.fairlead.app.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.logs.ReplyCalls.Call;
import dev.fairlead.core.model.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplyCallsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"choices":[{"message":{"tool_calls":[
          {"function":{"name":"a","arguments":"{}"}},
          {"type":"custom","custom":{"name":"b","input":"x"}}]}}]}
        """,
        """
        {"content":[{"type":"text","text":"t"},{"type":"tool_use","name":"a","input":{}},
          {"type":"tool_use","name":"b","input":x}]}
        """,
        """
        {"output":[{"type":"function_call","name":"a","arguments":"{}"},{"type":"reasoning"},
          {"type":"custom_tool_call","name":"b","input":"x"}]}
        """,
        """
        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"a","arguments":"{"}}]}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":1,"custom":{"name":"b","input":"x"}}]}}]}

        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}

        data: [DONE]

        """,
        """
        event: response.output_item.done
        data: {"type":"response.output_item.done","item":{"type":"function_call","name":"a","arguments":"{}"}}

        event: response.output_item.done
        data: {"type":"response.output_item.done","item":{"type":"custom_tool_call","name":"b","input":"x"}}

        """,
        """
        data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","name":"a"}}

        data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","name":"b"}}

        data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"x"}}

        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}

        """
      })
  void callsAreReadInEveryDialect(String reply) {
    String whole = reply.replace("\"input\":x", "\"input\":{\"x\":1}");
    String second = whole.equals(reply) ? "x" : "{\"x\":1}";
    assertThat(ReplyCalls.of(Bytes.utf8(whole)))
        .containsExactly(new Call("a", "{}"), new Call("b", second));
  }

  @Test
  void whatIsNotUnderstoodCallsNothing() {
    for (String reply :
        new String[] {"", "{", "data: {\"choices\":[7,{\"delta\":null}]}", "\u0000"}) {
      assertThat(ReplyCalls.of(Bytes.utf8(reply))).as(reply).isEmpty();
    }
  }

  @Test
  void aStreamOfCallsWithoutEndIsBounded() {
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      stream
          .append("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":")
          .append(i)
          .append(",\"function\":{\"name\":\"n\",\"arguments\":\"1\"}}]}}]}\n\n");
    }
    assertThat(ReplyCalls.of(Bytes.utf8(stream.toString()))).hasSize(256);
  }
}
