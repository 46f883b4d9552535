package dev.fairlead.codec.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.prompt.Turn.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustomCallsTest {
  private static final String PATCH = "*** Begin Patch\n*** End Patch";

  @Test
  void callsOfCustomToolsAreCustomCalls() {
    Prompt prompt =
        Prompt.builder()
            .tool(new Tool.Custom("ApplyPatch", null, null))
            .turn(
                Turn.of(
                    Role.ASSISTANT,
                    new Part.ToolCall("c", "ApplyPatch", CallKind.FUNCTION, PATCH, null, null)))
            .turn(
                Turn.of(
                    Role.USER,
                    new Part.ToolResult("c", null, CallKind.FUNCTION, List.of(), false, null)))
            .build();
    Prompt restored = CustomCalls.restored(prompt);
    assertThat(restored.turns().getFirst().parts().getFirst())
        .isEqualTo(new Part.ToolCall("c", "ApplyPatch", CallKind.CUSTOM, PATCH, null, null));
    assertThat(((Part.ToolResult) restored.turns().get(1).parts().getFirst()).kind())
        .isEqualTo(CallKind.CUSTOM);
  }
}
