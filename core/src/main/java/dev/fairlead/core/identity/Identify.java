package dev.fairlead.core.identity;

import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.failure.Failure.Denied;
import dev.fairlead.core.governance.User;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Headers;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * From the headers of a request to its principal, before a byte of the body is read. Anything in
 * the form of a virtual key is always checked, wherever it stands; other credentials count only
 * where the configuration says so.
 */
public final class Identify {
  /** What came of it. */
  public sealed interface Outcome {
    /** Served as {@code principal}. */
    record Known(Principal principal) implements Outcome {}

    /** Not served. */
    record Refused(Failure.Denied failure) implements Outcome {}
  }

  /**
   * The header {@code x-api-key} in other words: Claude Code takes every message with that name for
   * Anthropic's own and shows a text of its own instead.
   */
  private static final String ANTHROPIC_PLACE =
      "the API key header of Anthropic's clients (ANTHROPIC_API_KEY)";

  private final UnaryOperator<String> hash;
  private final Predicate<String> complete;

  /**
   * Creates an identifier.
   *
   * @param hash from a virtual key's value to the keyed hash the snapshot is indexed by
   * @param complete whether a value in a key's form carries a right checksum, to tell a truncated
   *     key from an unknown one
   */
  public Identify(UnaryOperator<String> hash, Predicate<String> complete) {
    this.hash = hash;
    this.complete = complete;
  }

  /** Decides who asks; {@code now} is compared with expiry. */
  public Outcome identify(Circumstances circumstances, Snapshot snapshot, Instant now) {
    List<Presented> presented = presented(circumstances);
    VirtualKey key = null;
    for (Presented credential : presented) {
      VirtualKey found =
          snapshot.virtualKeys() == 0 && !inKeyForm(credential.value())
              ? null
              : snapshot.virtualKey(hash.apply(credential.value()));
      if (found == null && inKeyForm(credential.value())) {
        return new Outcome.Refused(unknownKey(credential));
      }
      if (found != null) {
        Denied denied = unusable(found, credential, circumstances, snapshot, now);
        if (denied != null) {
          return new Outcome.Refused(denied);
        }
        key = key == null ? found : key;
      }
    }
    DirectCredential direct =
        snapshot.client().allowDirectKeys() ? direct(presented, snapshot) : null;
    if (key != null) {
      return new Outcome.Known(new Principal.KeyHolder(key, direct));
    }
    String distrust = LoopbackTrust.distrust(circumstances);
    ClientSettings client = snapshot.client();
    if (distrust == null && !client.enforceAuth()) {
      return new Outcome.Known(new Principal.Anonymous(direct));
    }
    for (Presented credential : presented) {
      Principal owner = ownerOf(credential.value(), snapshot);
      if (owner != null) {
        return new Outcome.Known(owner);
      }
    }
    if (client.enforceAuth() || distrust == null) {
      return new Outcome.Refused(
          keyRequired(
              presented,
              "the setting enforce_auth_on_inference asks for one",
              "does away with that setting"));
    }
    if (client.allowAnonymous()) {
      return new Outcome.Known(new Principal.Anonymous(direct));
    }
    if (direct != null) {
      return new Outcome.Known(new Principal.DirectOnly(direct));
    }
    return new Outcome.Refused(
        keyRequired(
            presented,
            distrust,
            "opens the gateway to everyone with client.allow_anonymous in config.json"));
  }

  /** A credential and the place it was found in. */
  private record Presented(String place, String value) {}

  private static List<Presented> presented(Circumstances circumstances) {
    Headers headers = circumstances.headers();
    List<Presented> found = new ArrayList<>(2);
    add(found, "header x-bf-vk", headers.get("x-bf-vk"));
    String authorization = headers.get("authorization");
    if (authorization != null
        && authorization.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())) {
      add(found, "header Authorization", authorization.substring("Bearer ".length()));
    }
    add(found, ANTHROPIC_PLACE, headers.get("x-api-key"));
    add(found, "header api-key", headers.get("api-key"));
    add(found, "header x-goog-api-key", headers.get("x-goog-api-key"));
    add(found, "query parameter key", circumstances.queryKey());
    return found;
  }

  private static void add(List<Presented> found, String place, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      found.add(new Presented(place, value.strip()));
    }
  }

  private static boolean inKeyForm(String value) {
    return value.startsWith("sk-fl-") || value.startsWith("sk-bf-");
  }

  private Denied unknownKey(Presented credential) {
    if (credential.value().startsWith("sk-fl-") && !complete.test(credential.value())) {
      return Denied.unauthorized(
          "invalid_api_key",
          "The virtual key in "
              + credential.place()
              + " is incomplete or mistyped: its checksum does not fit. Copy the whole key again.");
    }
    return Denied.unauthorized(
        "invalid_api_key",
        "The virtual key in "
            + credential.place()
            + " is not known here. It may have been deleted or belong to another Fairlead; ask its"
            + " operator, or create one with: fairlead keys create NAME");
  }

  private @Nullable Denied unusable(
      VirtualKey key,
      Presented credential,
      Circumstances circumstances,
      Snapshot snapshot,
      Instant now) {
    String subject = "The virtual key \"" + key.name() + "\" in " + credential.place();
    if (!key.active()) {
      return Denied.unauthorized(
          "key_disabled", subject + " is disabled. Ask the operator of this gateway to enable it.");
    }
    if (key.expiresAt() != null && !now.isBefore(key.expiresAt())) {
      return Denied.unauthorized(
          "key_expired",
          subject
              + " expired at "
              + key.expiresAt()
              + ". Ask the operator of this gateway for a new one.");
    }
    // Only a rotated key has a former value, so others are not hashed a second time.
    VirtualKey.Former former = key.former();
    if (former != null
        && !now.isBefore(former.until())
        && former.hash().equals(hash.apply(credential.value()))) {
      return Denied.unauthorized(
          "key_rotated",
          subject
              + " has been replaced by a new value, and the former one counted until "
              + former.until()
              + ". Ask the operator of this gateway for the new one.");
    }
    User user = snapshot.governance().userOf(key);
    if (user != null && !user.active()) {
      return Denied.unauthorized(
          "user_disabled",
          subject
              + " belongs to "
              + user.name()
              + ", who is disabled. Ask the operator of this gateway.");
    }
    String refusal = snapshot.governance().refusal(key);
    if (refusal != null) {
      return Denied.forbidden(
          "key_misconfigured",
          subject + " is refused because " + refusal + ". Ask the operator of this gateway.");
    }
    return foreignAddress(key, subject, circumstances.client());
  }

  private static @Nullable Denied foreignAddress(
      VirtualKey key, String subject, @Nullable InetAddress client) {
    if (key.addresses().isEmpty()) {
      return null;
    }
    if (client != null && key.addresses().contains(client)) {
      return null;
    }
    return Denied.forbidden(
        "ip_blocked",
        subject
            + " may not be used from "
            + (client == null ? "an unknown address" : client.getHostAddress())
            + ". Ask the operator of this gateway to add it to the key's allowed_ips; behind a"
            + " proxy, that belongs into fairlead.trusted_proxies.");
  }

  private static @Nullable DirectCredential direct(List<Presented> presented, Snapshot snapshot) {
    for (Presented credential : presented) {
      String value = credential.value();
      if (inKeyForm(value) || ownerOf(value, snapshot) != null) {
        continue;
      }
      String kind = kindOf(value);
      if (kind != null) {
        return new DirectCredential(kind, Secret.of(value), value.startsWith("sk-ant-oat"));
      }
    }
    return null;
  }

  /**
   * The kind of provider a raw key belongs to, by the form its vendor gives it; null when it has no
   * known form.
   */
  private static @Nullable String kindOf(String value) {
    if (value.startsWith("sk-ant-")) {
      return "anthropic";
    }
    if (value.startsWith("sk-or-")) {
      return "openrouter";
    }
    if (value.startsWith("gsk_")) {
      return "groq";
    }
    if (value.startsWith("xai-")) {
      return "xai";
    }
    if (value.startsWith("AIza")) {
      return "gemini";
    }
    if (value.startsWith("csk-")) {
      return "cerebras";
    }
    if (value.startsWith("pplx-")) {
      return "perplexity";
    }
    if (value.startsWith("nvapi-")) {
      return "nvidia";
    }
    if (value.startsWith("hf_")) {
      return "huggingface";
    }
    // Only the long forms: other vendors and many placeholders start with sk- too.
    if (value.startsWith("sk-proj-") || value.startsWith("sk-svcacct-")) {
      return "openai";
    }
    return value.startsWith("sk-") && value.length() >= 48 ? "openai" : null;
  }

  private static @Nullable Principal ownerOf(String value, Snapshot snapshot) {
    for (ProviderConfig provider : snapshot.providers().values()) {
      for (ProviderKey key : provider.keys()) {
        if (key.value() != null && key.enabled() && key.value().matches(value)) {
          return new Principal.KeyOwner(provider.name(), key.id());
        }
      }
    }
    return null;
  }

  private static Denied keyRequired(List<Presented> presented, String why, String otherwise) {
    String given =
        presented.isEmpty()
            ? "No key was sent."
            : "The credential in "
                + presented.getFirst().place()
                + " is not a key of this gateway.";
    return Denied.unauthorized(
        presented.isEmpty() ? "key_required" : "invalid_api_key",
        given
            + " A virtual key is required because "
            + why
            + ". Send one as \"Authorization: Bearer sk-fl-…\" or in your client's own place for"
            + " API keys; its operator makes one with \"fairlead keys create NAME\", or "
            + otherwise
            + ".");
  }
}
