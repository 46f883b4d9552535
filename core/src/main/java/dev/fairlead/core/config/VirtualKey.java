package dev.fairlead.core.config;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key Fairlead hands out: who holds it may use what it allows, and never sees a provider's own
 * key.
 *
 * @param id stable id, safe to log
 * @param name for people
 * @param hash keyed hash of the value, hexadecimal; see {@code KeyHasher}
 * @param active whether it is accepted
 * @param expiresAt instant from which it is refused, or null
 * @param allowAllProviders whether {@code providers} is not consulted
 * @param providers what it may use; nothing when empty and {@code allowAllProviders} is off
 * @param description for people, or empty
 * @param userId the person it belongs to, or null
 * @param teamId the team it counts for, or null
 * @param customerId the customer it counts for when it has no team, or null
 * @param former the value it had before it was rotated, while that still counts; or null
 * @param addresses where requests may come from; empty for anywhere
 * @param requiredTags tags every provider must carry that its requests are sent to
 * @param contentLogging whether contents of its requests may be logged
 * @param origin where this entity comes from
 */
public record VirtualKey(
    String id,
    String name,
    String hash,
    boolean active,
    @Nullable Instant expiresAt,
    boolean allowAllProviders,
    List<ProviderGrant> providers,
    String description,
    @Nullable String userId,
    @Nullable String teamId,
    @Nullable String customerId,
    @Nullable Former former,
    AddressBlocks addresses,
    Set<String> requiredTags,
    boolean contentLogging,
    Origin origin) {
  public VirtualKey {
    providers = List.copyOf(providers);
    requiredTags = Set.copyOf(requiredTags);
  }

  /** A key that belongs to nobody and has no conditions. */
  public VirtualKey(
      String id,
      String name,
      String hash,
      boolean active,
      @Nullable Instant expiresAt,
      boolean allowAllProviders,
      List<ProviderGrant> providers,
      Origin origin) {
    this(
        id,
        name,
        hash,
        active,
        expiresAt,
        allowAllProviders,
        providers,
        "",
        null,
        null,
        null,
        null,
        AddressBlocks.NONE,
        Set.of(),
        true,
        origin);
  }

  /** A value that is accepted until {@code until}; {@code hash} as of the key itself. */
  public record Former(String hash, Instant until) {}

  /**
   * What a virtual key may do at one provider.
   *
   * @param provider name of the provider
   * @param allowed models that may be used
   * @param denied models that may not; wins
   * @param keyIds ids or names of the provider keys that may be used; {@code *} for all
   * @param weight share of the draw when a model name fits several providers; null takes no part
   * @param model the provider's model that a request drawn to this grant goes to when the name it
   *     asked for is not qualified with a provider, or null for the name as it is
   */
  public record ProviderGrant(
      String provider,
      NameFilter allowed,
      NameFilter denied,
      NameFilter keyIds,
      @Nullable Double weight,
      @Nullable String model) {
    /** Whether {@code model} is allowed, written as the provider or as a client writes it. */
    public boolean allows(String model) {
      return on(allowed, model);
    }

    /** Whether {@code model} is denied, written as the provider or as a client writes it. */
    public boolean denies(String model) {
      return on(denied, model);
    }

    private boolean on(NameFilter list, String name) {
      return list.matches(name)
          || (!list.entries().isEmpty() && list.matches(provider + "/" + name));
    }

    /** A grant that leaves the model's name as it is. */
    public ProviderGrant(
        String provider,
        NameFilter allowed,
        NameFilter denied,
        NameFilter keyIds,
        @Nullable Double weight) {
      this(provider, allowed, denied, keyIds, weight, null);
    }
  }
}
