package dev.fairlead.codec.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.Revealed;
import org.junit.jupiter.api.Test;

class RevealingTest {
  private static final Revealed.Wanted ALL = new Revealed.Wanted(true, true, true);

  private static Revealed of(Operation operation, String body, String... headers) {
    Envelope envelope = RequestInspector.scan(Bytes.utf8(body), Interests.NONE);
    return Revealing.of(operation, envelope, Headers.of(headers), ALL);
  }

  @Test
  void claudeCodeTellsItInItsSystemPrompt() {
    Revealed seen =
        of(
            Operation.MESSAGES,
            """
            {"model":"claude-sonnet-4-5","system":[
              {"type":"text","text":"x-anthropic-billing-header: cc_version=2.1"},
              {"type":"text","text":"You are Claude Code.\\n\\nHere is useful information about the environment:\\n<env>\\nWorking directory: /home/u/payments\\nIs directory a git repo: Yes\\nPlatform: linux\\n</env>"},
              {"type":"text","text":"gitStatus: This is the git status at the start of the conversation.\\nCurrent branch: feature/card\\n\\nMain branch: main"}],
             "messages":[{"role":"user","content":[{"type":"text","text":"fix it"}]},
               {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"Read","input":{"file_path":"/home/u/payments/src/Card.java"}}]},
               {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"\\"file_path\\": \\"/not/this\\""}]}]}
            """);
    assertThat(seen.cwd()).isEqualTo("/home/u/payments");
    assertThat(seen.repository()).isEqualTo("payments");
    assertThat(seen.branch()).isEqualTo("feature/card");
    assertThat(seen.paths()).containsExactly("/home/u/payments/src/Card.java");
    assertThat(seen.images()).isFalse();
  }

  @Test
  void newerClaudeCodeTellsItInAList() {
    Revealed seen =
        of(
            Operation.MESSAGES,
            """
            {"system":"# Environment\\n - Primary working directory: C:\\\\work\\\\shop\\n   - Is a git repository: true","messages":[]}
            """);
    assertThat(seen.cwd()).isEqualTo("C:\\work\\shop");
    assertThat(seen.repository()).isEqualTo("shop");
    assertThat(seen.branch()).isNull();
  }

  @Test
  void codexTellsItInItsEnvironmentContextAndMetadata() {
    String body =
        """
        {"instructions":"You are Codex","input":[
          {"type":"message","role":"user","content":[{"type":"input_text","text":"<environment_context>\\n  <cwd>/home/ada/shop/web</cwd>\\n  <shell>bash</shell>\\n</environment_context>"}]},
          {"type":"function_call","name":"read","arguments":"{\\"path\\": \\"web/a.ts\\"}"},
          {"type":"custom_tool_call","name":"apply_patch","input":"*** Begin Patch\\n*** Update File: web/b.ts\\n@@"},
          {"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:x"}]}]}
        """;
    Revealed seen = of(Operation.RESPONSES, body);
    assertThat(seen.cwd()).isEqualTo("/home/ada/shop/web");
    assertThat(seen.repository()).isEqualTo("web");
    assertThat(seen.paths()).containsExactly("web/a.ts", "web/b.ts");
    assertThat(seen.images()).isTrue();
    seen =
        of(
            Operation.RESPONSES,
            body,
            "x-codex-turn-metadata",
            "{\"workspaces\":{\"/home/ada/shop\":{\"associated_remote_urls\":{\"origin\":\"git@github.com:acme/shop.git\"}}}}");
    assertThat(seen.repository()).isEqualTo("shop");
  }

  @Test
  void cursorTellsItInWhatThePersonWrote() {
    Revealed seen =
        of(
            Operation.CHAT_COMPLETION,
            """
            {"messages":[{"role":"system","content":"You are an AI coding assistant."},
             {"role":"user","content":"<user_info>\\nOS Version: darwin\\nWorkspace Path: /Users/u/algo/core\\nIs directory a git repo: Yes, at /Users/u/algo\\n</user_info>\\n<git_status>\\n## main...origin/main\\n M x\\n</git_status>"},
             {"role":"user","content":[{"type":"text","text":"<open_and_recently_viewed_files>\\nRecently viewed files (recent at the top):\\n- /Users/u/algo/a.py (total lines: 10)\\n</open_and_recently_viewed_files>\\n<attached_files>\\n<code_selection path=\\"src/b.py\\" lines=\\"1-3\\">\\nx\\n</code_selection>\\n</attached_files>\\n<manually_added_selection>\\n```path=src/c.py,lines=1\\n"}]},
             {"role":"assistant","tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"read_file","arguments":"{\\"target_file\\":\\"src/d.py\\"}"}}]}]}
            """);
    assertThat(seen.cwd()).isEqualTo("/Users/u/algo/core");
    assertThat(seen.repository()).isEqualTo("algo");
    assertThat(seen.branch()).isEqualTo("main");
    assertThat(seen.paths())
        .containsExactlyInAnyOrder("/Users/u/algo/a.py", "src/b.py", "src/c.py", "src/d.py");
  }

  @Test
  void whoRevealsNothingIsUnknown() {
    Revealed seen =
        of(Operation.CHAT_COMPLETION, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    assertThat(seen).isEqualTo(new Revealed(null, null, null, java.util.List.of(), false));
  }

  @Test
  void whatIsTooLongIsNotBelieved() {
    Revealed seen =
        of(
            Operation.CHAT_COMPLETION,
            "{\"messages\":[{\"role\":\"system\",\"content\":\"Working directory: /"
                + "x".repeat(5_000)
                + "\"}]}");
    assertThat(seen.cwd()).isNull();
  }

  @Test
  void pathsAreBounded() {
    StringBuilder messages = new StringBuilder("{\"messages\":[");
    for (int i = 0; i < 1_000; i++) {
      messages
          .append(i == 0 ? "" : ",")
          .append(
              "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"input\":{\"path\":\"f"
                  + i
                  + "\"}}]}");
    }
    assertThat(of(Operation.MESSAGES, messages.append("]}").toString()).paths())
        .hasSize(RevealedPaths.MOST);
  }
}
