package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.provider.Catalogue;
import dev.fairlead.provider.ProviderRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages say holds: every example is read, every variable and section is named. */
class DocsTest {
  private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("../docs").resolve(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "configuration.md",
        "virtual-keys.md",
        "teams-and-users.md",
        "budget-fields.md",
        "prices.md",
        "routing-rules.md",
        "residency.md"
      })
  void examplesCanBePasted(String name) throws IOException {
    Matcher examples = EXAMPLE.matcher(page(name));
    int count = 0;
    while (examples.find()) {
      count++;
      Draft draft =
          Reading.of(
              // Tests are written with single quotes, which this page means as they are.
              examples.group(1).replace("'", "\\u0027"),
              Map.of(
                  "TEAM_KEY", "sk-bf-team-0123456789", "SCRIPTS_KEY", "sk-bf-scripts-0123456789"));
      assertThat(Reading.problems(draft)).as(examples.group(1)).isEmpty();
    }
    assertThat(count).isPositive();
  }

  @Test
  void everyVariableAndUnenforcedSectionIsListed() throws IOException {
    String page = page("configuration.md");
    for (ProviderRow row : Catalogue.rows().values()) {
      for (String variable : row.environment()) {
        assertThat(page).contains("`" + variable + "`");
      }
    }
    for (String section : ConfigFields.UNENFORCED) {
      assertThat(page).contains("`" + section + "`");
    }
  }
}
