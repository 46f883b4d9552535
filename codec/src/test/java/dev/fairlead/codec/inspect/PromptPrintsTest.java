package dev.fairlead.codec.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.models.CacheWatch.Print;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptPrintsTest {
  private static final String PLAIN =
      "{'model':'m','tools':[{'name':'a'}],'system':[{'type':'text','text':'S'}],"
          + "'messages':[{'role':'user','content':[{'type':'text','text':'Hi'}]},"
          + "{'role':'assistant','content':'Yes'}]}";

  private static Print print(String body) {
    Envelope envelope = RequestInspector.scan(Bytes.utf8(body.replace('\'', '"')), Interests.NONE);
    return PromptPrints.of(envelope);
  }

  @Test
  void marksDoNotCountWhereverTheyStand() {
    String marked =
        PLAIN
            .replace("'name':'a'", "'name':'a','cache_control':{'type':'ephemeral'}")
            .replace(
                "'type':'text','text':'S'",
                "'cache_control':{'type':'ephemeral'},'type':'text','text':'S'")
            .replace(
                "'text':'Hi'", "'text':'Hi' , 'cache_control' : {'type':'ephemeral','ttl':'1h'}");

    assertThat(print(marked.replace("'Hi' ,", "'Hi',").replace(" : {", ":{")))
        .isEqualTo(print(PLAIN));
    assertThat(print(PLAIN.replace("'name':'a'", "'name':'a','cache_control':null")))
        .isEqualTo(print(PLAIN));
  }

  @Test
  void wordsThatLookLikeAMarkDo() {
    assertThat(print(PLAIN.replace("Hi", "\\'cache_control\\':{}"))).isNotEqualTo(print(PLAIN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {"'name':'a';'name':'b'", "'S';'T'", "'Hi';'Ho'", "'Yes';'No'"})
  void allElseDoes(String before, String after) {
    assertThat(print(PLAIN.replace(before, after))).isNotEqualTo(print(PLAIN));
  }

  @Test
  void systemMessagesOfChatAreTheSystemPrompt() {
    Print one =
        print("{'messages':[{'role':'system','content':'S'},{'role':'user','content':'Hi'}]}");
    Print two =
        print("{'messages':[{'role':'system','content':'T'},{'role':'user','content':'Hi'}]}");

    assertThat(one.system()).isNotEqualTo(two.system());
    assertThat(one.messages()).isEqualTo(two.messages()).hasSize(1);
  }

  @Test
  void responsesHaveAnInput() {
    assertThat(print("{'input':[{'role':'user','content':'Hi'}]}").messages()).hasSize(1);
    assertThat(print("{'input':'Hi'}").messages()).isEmpty();
  }
}
