package dev.fairlead.core.routing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.identity.Principal.DirectCredential;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a principal may use at a provider for a model.
 *
 * @param keys the provider keys that may be used
 * @param denied why nothing may, or null
 */
record Grant(Predicate<ProviderKey> keys, @Nullable Failure denied) {
  static final Grant ALL = new Grant(_ -> true, null);

  private static Grant none(String code, String message) {
    return new Grant(_ -> false, Failure.Denied.forbidden(code, message));
  }

  static Grant of(Question question, ProviderConfig provider, String model) {
    return switch (question.principal()) {
      case Principal.Anonymous _ -> Grant.ALL;
      case Principal.KeyOwner(String name, String keyId) ->
          provider.name().equals(name)
              ? new Grant(key -> key.id().equals(keyId), null)
              : Grant.none(
                  "provider_blocked",
                  "The credential sent is a key of provider "
                      + name
                      + " and may only be used for its models, not for "
                      + provider.name()
                      + ". Use a virtual key to reach other providers.");
      case Principal.DirectOnly(DirectCredential direct) ->
          direct.belongsTo(provider)
              ? Grant.ALL
              : Grant.none(
                  "provider_blocked",
                  "The credential sent belongs to "
                      + direct.kind()
                      + " and is only ever sent there, not to "
                      + provider.name()
                      + ". Use a virtual key to reach other providers.");
      case Principal.KeyHolder(VirtualKey key, DirectCredential _) -> grantOf(key, provider, model);
    };
  }

  private static Grant grantOf(VirtualKey key, ProviderConfig provider, String model) {
    if (key.allowAllProviders()) {
      return Grant.ALL;
    }
    boolean known = false;
    for (ProviderGrant grant : key.providers()) {
      if (grant.provider().equals(provider.name())) {
        known = true;
        if (allows(grant, provider, model)) {
          return new Grant(k -> allows(grant, k, model), null);
        }
      }
    }
    return Grant.none(
        known ? "model_blocked" : "provider_blocked",
        "The virtual key \""
            + key.name()
            + "\" may not use "
            + (known ? "model " + model + " of provider " : "provider ")
            + provider.name()
            + ". Ask the operator of this gateway to allow it.");
  }

  private static boolean allows(ProviderGrant grant, ProviderConfig provider, String model) {
    if (grant.denies(model)) {
      return false;
    }
    if (grant.allows(model)) {
      return true;
    }
    for (ProviderKey key : provider.keys()) {
      if (grant.allows(own(key, model))) {
        return true;
      }
    }
    return false;
  }

  /** A key's alias is one more name of a model, so a denied model stays denied under it. */
  private static boolean allows(ProviderGrant grant, ProviderKey key, String model) {
    String own = own(key, model);
    return (grant.keyIds().matches(key.id()) || grant.keyIds().matches(key.name()))
        && (grant.allows(model) || grant.allows(own))
        && !grant.denies(own);
  }

  /** Why none of the provider keys that serve the model may be used. */
  static Failure keyBlocked(Question question, ProviderConfig provider, String model) {
    String who =
        switch (question.principal()) {
          case Principal.KeyHolder(VirtualKey key, var _) ->
              "The virtual key \"" + key.name() + "\"";
          case Principal.KeyOwner _ -> "The provider key sent";
          case Principal.Anonymous _, Principal.DirectOnly _ -> "This request";
        };
    return Failure.Denied.forbidden(
        "model_blocked",
        who
            + " may not use any key of provider "
            + provider.name()
            + " that serves model "
            + model
            + ". Ask the operator of this gateway to allow one.");
  }

  /** The provider's own name of {@code model} when called with {@code key}. */
  static String own(ProviderKey key, String model) {
    return key.aliases().getOrDefault(model, model);
  }
}
