package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigSchemaTest {
  private static final Path COMMITTED = Path.of("../docs/config.schema.json");
  private static final String COMMAND =
      "mvn -q -pl app -am test -Dtest=ConfigSchemaTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dfairlead.writeSchema";

  @Test
  void theCommittedSchemaIsWhatTheReaderChecksWith() throws IOException {
    String generated = ConfigSchema.text();
    if (System.getProperty("fairlead.writeSchema") != null) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, generated);
    }
    assertThat(COMMITTED).as("write it with: " + COMMAND).exists();
    assertThat(Files.readString(COMMITTED).equals(generated))
        .as("docs/config.schema.json is out of date; write it with: " + COMMAND)
        .isTrue();
  }

  @Test
  void fieldsCarryTypeBoundDefaultAndMeaning() {
    JsonNode root = JsonMapper.shared().readTree(ConfigSchema.text());
    assertThat(root.at("/additionalProperties").asBoolean(true)).isFalse();
    JsonNode retries =
        root.at(
            "/properties/providers/additionalProperties/properties/network_config/properties/max_retries");
    assertThat(retries.toString())
        .isEqualTo(
            "{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"maximum\":20,\"description\":\"Further"
                + " attempts at this provider, whatever the key.\",\"default\":2}");
    assertThat(
            root.at(
                    "/properties/providers/additionalProperties/properties/keys/items/properties/value/anyOf/0/$ref")
                .asString())
        .isEqualTo("#/$defs/reference");
    assertThat(root.at("/properties/governance/properties/projects/description").asString())
        .isEqualTo(
            "Limits something that this version does not enforce; needs \"governance.projects\" in"
                + " fairlead.accept_unenforced.");
    assertThat(root.at("/properties/vector_store/description").asString())
        .isEqualTo("Accepted without effect in this version.");
    assertThat(root.at("/properties/governance/properties/virtual_keys/items/required").toString())
        .isEqualTo("[\"name\"]");
  }
}
