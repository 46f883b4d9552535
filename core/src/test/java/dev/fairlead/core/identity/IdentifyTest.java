package dev.fairlead.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.User;
import dev.fairlead.core.model.Headers;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From headers to a principal, by every credential and every place it may stand in. */
class IdentifyTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String GOOD = "sk-fl-good-complete";
  private static final String SUBSCRIPTION = "sk-ant-oat01-subscription";
  private static final String RAW_OPENAI = "sk-proj-somebodys-own-key";

  private final Identify identify =
      new Identify(key -> "#" + key, key -> key.endsWith("-complete"));

  private static Snapshot snapshot(ClientSettings client) {
    Map<String, VirtualKey> keys = new HashMap<>();
    keys.put("#" + GOOD, Entities.virtualKey("team"));
    keys.put("#imported-without-prefix", Entities.virtualKey("imported"));
    keys.put("#sk-bf-old", Entities.virtualKey("old"));
    keys.put("#sk-fl-off-complete", Entities.virtualKey("off", "h", false, null));
    keys.put("#sk-fl-late-complete", Entities.virtualKey("late", "h", true, NOW));
    keys.put("#sk-fl-soon-complete", Entities.virtualKey("soon", "h", true, NOW.plusMillis(1)));
    return Entities.snapshot(
        client,
        keys,
        Entities.provider("openai", Entities.key("a"), Entities.disabledKey("off", "x")));
  }

  private Identify.Outcome local(ClientSettings client, String... headers) {
    return identify(true, client, "", headers);
  }

  private Identify.Outcome remote(ClientSettings client, String... headers) {
    return identify(false, client, "", headers);
  }

  private Identify.Outcome identify(
      boolean loopback, ClientSettings client, String query, String... headers) {
    Headers.Builder all = Headers.builder().add("Host", loopback ? "localhost:8080" : "gw.test");
    Headers.of(headers).forEach(all::add);
    return identify.identify(
        new Circumstances(loopback, loopback, false, false, all.build(), query),
        snapshot(client),
        NOW);
  }

  private static Principal known(Identify.Outcome outcome) {
    if (outcome instanceof Identify.Outcome.Known(Principal principal)) {
      return principal;
    }
    throw new AssertionError("refused: " + outcome);
  }

  private static Failure.Denied refused(Identify.Outcome outcome) {
    if (outcome instanceof Identify.Outcome.Refused(Failure.Denied denied)) {
      assertThat(denied.status())
          .isEqualTo(
              denied.code().equals("ip_blocked") || denied.code().equals("key_misconfigured")
                  ? 403
                  : 401);
      return denied;
    }
    throw new AssertionError("known: " + outcome);
  }

  // ---- virtual keys
  // -----------------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"x-bf-vk", "x-api-key", "api-key", "x-goog-api-key", "X-API-KEY"})
  void aKeyIsFoundInEveryHeader(String header) {
    assertThat(known(remote(Entities.client(), header, " " + GOOD + " ")).id())
        .isEqualTo("vk:id-of-team");
  }

  @Test
  void aKeyIsFoundBehindBearerAndInTheQuery() {
    assertThat(known(remote(Entities.client(), "Authorization", "bearer " + GOOD)).id())
        .isEqualTo("vk:id-of-team");
    assertThat(known(identify(false, Entities.client(), GOOD)).id()).isEqualTo("vk:id-of-team");
    refused(remote(Entities.client(), "Authorization", "Basic " + GOOD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk-bf-old", "imported-without-prefix", "sk-fl-soon-complete"})
  void keysOfOtherFormsWork(String key) {
    assertThat(known(remote(Entities.client(), "x-api-key", key)))
        .isInstanceOf(Principal.KeyHolder.class);
  }

  @Test
  void aKeyBesideADummyIsUsed() {
    Principal who =
        known(local(Entities.client(), "Authorization", "Bearer dummy-key", "x-bf-vk", GOOD));
    assertThat(who).isInstanceOf(Principal.KeyHolder.class);
  }

  @Test
  void expiredDisabledUnknownAndTruncatedKeysAreToldApartAndNeverEchoed() {
    Set<String> messages = new HashSet<>();
    for (String key :
        new String[] {
          "sk-fl-off-complete",
          "sk-fl-late-complete",
          "sk-fl-nobody-complete",
          "sk-fl-good-comp",
          "sk-bf-nobody"
        }) {
      for (boolean loopback : new boolean[] {true, false}) {
        Failure.Denied denied =
            refused(identify(loopback, Entities.client(), "", "x-api-key", key));
        assertThat(denied.message())
            .contains("API key header of Anthropic's clients (ANTHROPIC_API_KEY)")
            .doesNotContain(key)
            .doesNotContainIgnoringCase("x-api-key");
        messages.add(denied.code() + " " + denied.message());
      }
    }
    // The two unknown ones read alike.
    assertThat(messages).hasSize(4);
    assertThat(messages).anyMatch(m -> m.startsWith("key_disabled") && m.contains("\"off\""));
    assertThat(messages)
        .anyMatch(m -> m.startsWith("key_expired") && m.contains("2026-11-21T12:00:00Z"));
    assertThat(messages).anyMatch(m -> m.contains("checksum"));
    assertThat(messages).anyMatch(m -> m.contains("not known here"));
  }

  @Test
  void aBadKeyIsRefusedWhereverItStandsAndWhateverElseIsThere() {
    for (ClientSettings client :
        new ClientSettings[] {Entities.client(), Entities.client(true, false, true)}) {
      refused(
          local(
              client,
              "Authorization",
              "Bearer " + GOOD,
              "x-goog-api-key",
              "sk-fl-nobody-complete"));
      refused(identify(true, client, "sk-bf-nobody", "Authorization", "Bearer " + SUBSCRIPTION));
    }
  }

  // ---- nobody in particular
  // ---------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"dummy-key", "sk-1234", "whatever"})
  void loopbackNeedsNoKey(String dummy) {
    assertThat(known(local(Entities.client())).id()).isEqualTo("anonymous");
    assertThat(known(local(Entities.client(), "Authorization", "Bearer " + dummy)).id())
        .isEqualTo("anonymous");
  }

  @Test
  void beyondLoopbackAKeyIsRequiredAndTheRefusalSaysWhereItGoes() {
    Failure.Denied nothing = refused(remote(Entities.client()));
    assertThat(nothing.code()).isEqualTo("key_required");
    assertThat(nothing.message())
        .contains(
            "No key was sent",
            "listens beyond this machine",
            "Authorization: Bearer sk-fl-",
            "client.allow_anonymous");
    Failure.Denied dummy = refused(remote(Entities.client(), "x-api-key", "dummy-key"));
    assertThat(dummy.code()).isEqualTo("invalid_api_key");
    assertThat(dummy.message())
        .contains("API key header of Anthropic's clients (ANTHROPIC_API_KEY)")
        .doesNotContain("dummy-key")
        // Claude Code would show a text of its own.
        .doesNotContainIgnoringCase("x-api-key");
    assertThat(refused(remote(Entities.client())).message())
        .doesNotContainIgnoringCase("x-api-key");
  }

  @Test
  void aTunnelToLoopbackIsNotLoopback() {
    assertThat(refused(local(Entities.client(), "X-Forwarded-For", "203.0.113.7")).message())
        .contains("x-forwarded-for");
  }

  @Test
  void anonymousCanBeAllowedEverywhere() {
    assertThat(known(remote(Entities.client(true, false, false))).id()).isEqualTo("anonymous");
  }

  @Test
  void enforcedKeysAreRequiredOnLoopbackAndWhateverElseIsAllowed() {
    for (ClientSettings client :
        new ClientSettings[] {
          Entities.client(false, true, false), Entities.client(true, true, true)
        }) {
      for (boolean loopback : new boolean[] {true, false}) {
        Failure.Denied denied =
            refused(identify(loopback, client, "", "Authorization", "Bearer " + RAW_OPENAI));
        assertThat(denied.message())
            .contains("enforce_auth_on_inference")
            .doesNotContain("allow_anonymous");
        assertThat(known(identify(loopback, client, GOOD))).isInstanceOf(Principal.KeyHolder.class);
      }
    }
  }

  // ---- keys of providers
  // ------------------------------------------------------------------------------------------

  @Test
  void aConfiguredProviderKeyIsItsOwnersOnly() {
    assertThat(known(remote(Entities.client(), "x-api-key", "secret-a")))
        .isEqualTo(new Principal.KeyOwner("openai", "a"));
    refused(remote(Entities.client(), "x-api-key", "secret-off"));
    assertThat(known(local(Entities.client(), "x-api-key", "secret-a")).id())
        .isEqualTo("anonymous");
    assertThat(known(local(Entities.client(false, true, false), "x-api-key", "secret-a")))
        .isEqualTo(new Principal.KeyOwner("openai", "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "sk-ant-oat01-x, anthropic, true",
    "sk-ant-api03-x, anthropic, false",
    "sk-proj-x, openai, false",
    "sk-svcacct-x, openai, false",
    "sk-0123456789012345678901234567890123456789012345678901, openai, false",
    "gsk_x, groq, false",
    "xai-x, xai, false",
    "AIzaSyX, gemini, false",
    "sk-or-v1-x, openrouter, false"
  })
  void rawKeysAreRecognisedWhereTheyAreAllowed(String key, String kind, boolean subscription) {
    Principal who =
        known(remote(Entities.client(false, false, true), "Authorization", "Bearer " + key));
    assertThat(who).isInstanceOf(Principal.DirectOnly.class);
    assertThat(who.id()).isEqualTo("direct:" + kind).doesNotContain(key);
    Principal.DirectCredential direct = who.direct();
    assertThat(direct).isNotNull();
    if (direct != null) {
      assertThat(direct.kind()).isEqualTo(kind);
      assertThat(direct.subscription()).isEqualTo(subscription);
      assertThat(direct.secret().reveal()).isEqualTo(key);
      assertThat(who.toString()).doesNotContain(key);
    }
    refused(remote(Entities.client(), "Authorization", "Bearer " + key));
    assertThat(known(local(Entities.client(), "Authorization", "Bearer " + key)).direct()).isNull();
  }

  @Test
  void aRawKeyBesideAVirtualOneRidesAlong() {
    Principal who =
        known(
            remote(
                Entities.client(false, false, true),
                "Authorization",
                "Bearer " + SUBSCRIPTION,
                "x-bf-vk",
                GOOD));
    assertThat(who).isInstanceOf(Principal.KeyHolder.class);
    assertThat(who.direct()).isNotNull();
    Principal without =
        known(
            remote(Entities.client(), "Authorization", "Bearer " + SUBSCRIPTION, "x-bf-vk", GOOD));
    assertThat(without.direct()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk-1234", "sk-your-key-here", "dummy-key", "secret-a"})
  void placeholdersAndOurOwnKeysAreNoRawKeys(String key) {
    assertThat(known(local(Entities.client(false, false, true), "x-api-key", key)).direct())
        .isNull();
  }

  private static VirtualKey held(
      @Nullable String user,
      @Nullable String team,
      VirtualKey.@Nullable Former former,
      AddressBlocks addresses) {
    VirtualKey plain = Entities.virtualKey("held");
    return new VirtualKey(
        plain.id(),
        plain.name(),
        "#sk-fl-held-complete",
        true,
        null,
        true,
        List.of(),
        "",
        user,
        team,
        null,
        former,
        addresses,
        Set.of(),
        true,
        plain.origin());
  }

  private Identify.Outcome holding(
      VirtualKey key, Governance governance, String value, @Nullable String client) {
    Map<String, VirtualKey> keys = new HashMap<>(Map.of(key.hash(), key));
    if (key.former() != null) {
      keys.put(key.former().hash(), key);
    }
    Snapshot plain = snapshot(Entities.client());
    return identify.identify(
        new Circumstances(
            false,
            false,
            false,
            false,
            Headers.of("Host", "gw.test", "x-api-key", value),
            "",
            client == null ? null : InetAddress.ofLiteral(client)),
        new Snapshot(1, plain.providers(), keys, governance, plain.client(), List.of(), List.of()),
        NOW);
  }

  @Test
  void aDisabledPersonsKeysAreRefused() {
    Origin origin = Entities.virtualKey("x").origin();
    User ann = new User("u", "Ann", null, false, null, origin);
    Governance governance =
        new Governance(
            Map.of(),
            Map.of(),
            Map.of("u", ann),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Set.of());
    VirtualKey key = held("u", null, null, AddressBlocks.NONE);
    Failure.Denied denied = refused(holding(key, governance, "sk-fl-held-complete", null));
    assertThat(denied.status()).isEqualTo(401);
    assertThat(denied.code()).isEqualTo("user_disabled");
    assertThat(denied.message()).contains("belongs to Ann, who is disabled");
  }

  @Test
  void aKeyOfAnUnknownTeamOrPersonIsRefused() {
    for (VirtualKey key :
        List.of(
            held(null, "gone", null, AddressBlocks.NONE),
            held("gone", null, null, AddressBlocks.NONE))) {
      Failure.Denied denied = refused(holding(key, Governance.NONE, "sk-fl-held-complete", null));
      assertThat(denied.status()).isEqualTo(403);
      assertThat(denied.code()).isEqualTo("key_misconfigured");
      assertThat(denied.message()).contains("\"gone\", which is not known here any more");
    }
  }

  @Test
  void aFormerValueCountsWithinItsGraceOnly() {
    VirtualKey within =
        held(
            null,
            null,
            new VirtualKey.Former("#sk-fl-old-complete", NOW.plusSeconds(1)),
            AddressBlocks.NONE);
    assertThat(known(holding(within, Governance.NONE, "sk-fl-old-complete", null)).id())
        .isEqualTo("vk:" + within.id());
    VirtualKey after =
        held(null, null, new VirtualKey.Former("#sk-fl-old-complete", NOW), AddressBlocks.NONE);
    Failure.Denied denied = refused(holding(after, Governance.NONE, "sk-fl-old-complete", null));
    assertThat(denied.code()).isEqualTo("key_rotated");
    assertThat(denied.message()).contains("replaced by a new value");
    assertThat(known(holding(after, Governance.NONE, "sk-fl-held-complete", null)).id())
        .isEqualTo("vk:" + after.id());
  }

  @Test
  void aKeyIsUsedFromItsAddressesOnly() {
    VirtualKey key =
        held(null, null, null, AddressBlocks.of(List.of("10.0.0.0/8", "2001:db8::/32")));
    for (String good : List.of("10.1.2.3", "2001:db8::7")) {
      assertThat(known(holding(key, Governance.NONE, "sk-fl-held-complete", good)).id())
          .isEqualTo("vk:" + key.id());
    }
    Failure.Denied denied =
        refused(holding(key, Governance.NONE, "sk-fl-held-complete", "192.0.2.1"));
    assertThat(denied.status()).isEqualTo(403);
    assertThat(denied.code()).isEqualTo("ip_blocked");
    assertThat(denied.message()).contains("may not be used from 192.0.2.1");
    assertThat(refused(holding(key, Governance.NONE, "sk-fl-held-complete", null)).code())
        .isEqualTo("ip_blocked");
  }
}
