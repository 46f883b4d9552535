package dev.fairlead.codec.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.routing.Reject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers' refusals name, in the words of each. */
final class RejectReadingTest {
  static Stream<Arguments> fields() {
    return Stream.of(
        says(
            "{'error':{'message':\"Unknown parameter: 'foo'.\",'type':'invalid_request_error',"
                + "'param':'foo','code':'unknown_parameter'}}",
            "foo"),
        says(message("Unrecognized request argument supplied: foo"), "foo"),
        says(message("Unrecognized request arguments supplied: foo, bar"), "foo", "bar"),
        says(message("foo: Extra inputs are not permitted"), "foo"),
        says(
            message("foo: Extra inputs are not permitted, bar: Extra inputs are not permitted"),
            "foo",
            "bar"),
        says(
            "{'detail':[{'type':'extra_forbidden','loc':['body','foo'],"
                + "'msg':'Extra inputs are not permitted','input':1}]}",
            "foo"),
        says(
            "{'object':'error','message':{'detail':[{'type':'extra_forbidden','loc':['body','foo'],"
                + "'msg':'Extra inputs are not permitted'}]},'type':'invalid_request_error'}",
            "foo"),
        says(
            "{'detail':[{'loc':['body','foo'],'msg':'extra fields not permitted',"
                + "'type':'value_error.extra'}]}",
            "foo"),
        says(
            message(
                "[{'type': 'extra_forbidden', 'loc': ('body', 'foo'), 'msg': 'Extra inputs are not"
                    + " permitted', 'input': True}]"),
            "foo"),
        says(message("Extra inputs are not permitted, field: 'foo'"), "foo"),
        says(message("property 'foo' is unsupported"), "foo"),
        says(message("`foo` is not supported with this model"), "foo"),
        says(message("This model does not support `reasoning_effort`."), "reasoning_effort"),
        says(
            message("Model grok-4 does not support parameter presencePenalty."),
            "presence_penalty"),
        says(
            message("Argument not supported on this model: frequencyPenalty"), "frequency_penalty"),
        says(message("Unrecognized key(s) in object: 'foo', 'bar'"), "foo", "bar"),
        says(message("`temperature` is deprecated for this model."), "temperature"),
        says(message("json: unknown field \"foo\""), "foo"),
        says(
            message(
                "Failed to deserialize the JSON body into the target type: unknown field `foo`,"
                    + " expected one of `model`, `messages` at line 1 column 20"),
            "foo"),
        says(
            message("Invalid JSON payload received. Unknown name \"foo\": Cannot find field."),
            "foo"),
        says(message("Completions.create() got an unexpected keyword argument 'foo'"), "foo"),
        says(
            "{'error':{'message':\"Unsupported value: 'temperature' does not support 0.2 with this"
                + " model. Only the default (1) value is supported.\",'param':'temperature',"
                + "'code':'unsupported_value'}}",
            "temperature"),
        says("Unknown parameter: foo", "foo"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void fieldsAreNamed(String body, List<String> names) {
    assertThat(read(body))
        .containsExactlyElementsOf(names.stream().map(Reject.Field::new).toList());
  }

  @Test
  void tokenLimitHasAnotherName() {
    assertThat(
            read(
                "{'error':{'message':\"Unsupported parameter: 'max_tokens' is not supported with"
                    + " this model. Use 'max_completion_tokens' instead.\","
                    + "'type':'invalid_request_error','param':'max_tokens',"
                    + "'code':'unsupported_parameter'}}"))
        .containsExactly(new Reject.Renamed("max_tokens", "max_completion_tokens"));
    assertThat(read(message("max_completion_tokens: Extra inputs are not permitted")))
        .containsExactly(new Reject.Renamed("max_completion_tokens", "max_tokens"));
  }

  @Test
  void betasAreNamed() {
    assertThat(
            read(
                message(
                    "Unexpected value(s) `context-1m-2025-08-07`, `new-2027-01-01` for the"
                        + " `anthropic-beta` header. Please consult our documentation.")))
        .containsExactly(
            new Reject.Beta("context-1m-2025-08-07"), new Reject.Beta("new-2027-01-01"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "messages.0.content.0.text.cache_control: Extra inputs are not permitted",
        "tools.0.custom.defer_loading: Extra inputs are not permitted",
        "Unknown parameter: 'tools[0].strict'.",
        "Unknown parameter: messages.0.name",
        "messages[0]: unknown field `name`, expected `role`",
        "Invalid value: 'Unknown parameter: 'temperature''. Supported values are: 'a'.",
        "temperature: Input should be less than or equal to 1",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "'messages.0' : for 'role:user' the following must be satisfied[('messages.0' : property"
            + " 'name' is unsupported)]",
        "Unknown name \"foo\" at 'generation_config': Cannot find field.",
        "model: Unknown parameter",
        ""
      })
  void otherComplaintsNameNothing(String words) {
    assertThat(read(message(words))).isEmpty();
  }

  @Test
  void nestedPlacesNameNothing() {
    assertThat(
            read(
                "{'detail':[{'type':'extra_forbidden','loc':['body','messages',0,'name'],"
                    + "'msg':'Extra inputs are not permitted'}]}"))
        .isEmpty();
    assertThat(
            read(
                "{'error':{'message':\"Unknown parameter: 'input[0].x'.\",'param':'input[0].x',"
                    + "'code':'unknown_parameter'}}"))
        .isEmpty();
  }

  @Test
  void noMoreThanEight() {
    String names = "a, b, c, d, e, f, g, h, i, j";
    assertThat(read(message("Unrecognized request arguments supplied: " + names))).hasSize(8);
  }

  private static List<Reject> read(String body) {
    Bytes bytes = Bytes.utf8(body.startsWith("{") ? json(body) : body);
    return RejectReading.read(ErrorReading.read(400, bytes), bytes);
  }

  /** Single quotes outside of texts stand for double ones. */
  private static String json(String text) {
    StringBuilder json = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        json.append(c).append(text.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        json.append(c);
      } else {
        json.append(c == '\'' && !quoted ? '"' : c);
      }
    }
    return json.toString();
  }

  private static String message(String words) {
    return "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\""
        + words.replace("\"", "\\\"")
        + "\"}}";
  }

  private static Arguments says(String body, String... names) {
    return Arguments.of(body, Arrays.asList(names));
  }
}
