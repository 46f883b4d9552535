package dev.fairlead.core.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.HeaderTemplate;
import dev.fairlead.core.identity.HeaderTemplate.Field;
import dev.fairlead.core.identity.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static final Origin FILE = new Origin(Origin.Source.FILE, "config.json");
  private static final Map<Field, String> WHO =
      Map.of(
          Field.USER_EMAIL, "zoë@example.com", Field.KEY_NAME, "ci", Field.SESSION, "a\r\nx: 1%");

  private static String fill(String template) {
    return String.valueOf(HeaderTemplate.parse(template).fill(WHO::get));
  }

  @Test
  void namesAreFilledIn() {
    assertThat(fill("{virtual_key.name} <{user.email}>")).isEqualTo("ci <zo%C3%AB@example.com>");
  }

  @Test
  void nothingThatIsToldCanEndTheHeader() {
    assertThat(fill("{session}")).isEqualTo("a%0D%0Ax: 1%25");
  }

  @Test
  void halfAnIdentityIsNone() {
    assertThat(HeaderTemplate.parse("{virtual_key.name}/{team.name}").fill(WHO::get)).isNull();
  }

  @Test
  void aNameThatIsNoneIsAnError() {
    assertThatThrownBy(() -> HeaderTemplate.parse("{user.mail}"))
        .hasMessageContaining("{user.mail}")
        .hasMessageContaining("{user.email}");
  }

  @Test
  void otherBracesAreText() {
    assertThat(HeaderTemplate.isOne("{\"a\":{\"b\":1}}")).isFalse();
    assertThat(HeaderTemplate.isOne("{}")).isFalse();
  }

  @Test
  void whoHasNoKeyIsNobody() {
    Identity nobody = new Identity(new Principal.Anonymous(null), Governance.NONE, "s-1", "r-1");

    for (Field field : Field.values()) {
      String told = nobody.apply(field);
      if (field == Field.SESSION) {
        assertThat(told).isEqualTo("s-1");
      } else if (field == Field.REQUEST_ID) {
        assertThat(told).isEqualTo("r-1");
      } else {
        assertThat(told).as(field.label()).isNull();
      }
    }
  }

  @Test
  void aKeyTellsOfWhomItBelongsTo() {
    VirtualKey key =
        new VirtualKey(
            "vk-1",
            "laptop",
            "hash",
            true,
            null,
            true,
            List.of(),
            "",
            "u-1",
            null,
            null,
            null,
            AddressBlocks.NONE,
            Set.of(),
            true,
            FILE);
    Governance governance =
        new Governance(
            Map.of(),
            Map.of(),
            Map.of("u-1", new User("u-1", "Zoë", "zoe@example.com", true, null, FILE)),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Set.of());
    Identity zoe = new Identity(new Principal.KeyHolder(key, null), governance, null, "r-1");

    assertThat(HeaderTemplate.parse("{user.name}|{user.email}|{virtual_key.id}").fill(zoe))
        .isEqualTo("Zo%C3%AB|zoe@example.com|vk-1");
    assertThat(HeaderTemplate.parse("{team.name}").fill(zoe)).isNull();
  }
}
