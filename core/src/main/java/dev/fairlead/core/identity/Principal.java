package dev.fairlead.core.identity;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.config.VirtualKey;
import org.jspecify.annotations.Nullable;

/** Who is asking. Everything a request may use follows from its principal and the snapshot. */
public sealed interface Principal {
  /** Stable and safe to log; the subject of session affinity and accounting. */
  String id();

  /** A credential the client brought for one provider, or null. */
  default @Nullable DirectCredential direct() {
    return null;
  }

  /** Nobody in particular, on a connection that is trusted as it is. */
  record Anonymous(@Nullable DirectCredential direct) implements Principal {
    @Override
    public String id() {
      return "anonymous";
    }
  }

  /** The holder of a virtual key, possibly with a credential of the provider's beside it. */
  record KeyHolder(VirtualKey key, @Nullable DirectCredential direct) implements Principal {
    @Override
    public String id() {
      return "vk:" + key.id();
    }
  }

  /**
   * Somebody known by nothing but a provider's credential, which nobody has verified: may use that
   * credential at the provider it belongs to, and nothing of the gateway's own.
   */
  record DirectOnly(DirectCredential direct) implements Principal {
    @Override
    public String id() {
      return "direct:" + direct.kind();
    }
  }

  /** Somebody who presented a provider key that is configured here: may use exactly that key. */
  record KeyOwner(String provider, String keyId) implements Principal {
    @Override
    public String id() {
      return "owner:" + provider + ":" + keyId;
    }
  }

  /**
   * A provider's own credential, brought by the client and sent only to providers of the kind it
   * belongs to.
   *
   * @param kind catalogue kind of the provider it belongs to
   * @param secret the credential
   * @param subscription whether it is a Claude subscription token, which keeps its header and its
   *     OAuth beta
   */
  record DirectCredential(String kind, Secret secret, boolean subscription) {
    /**
     * Whether {@code provider} is the one this credential belongs to. A provider of the same kind
     * under a name of its own is somebody else's server that speaks the same language.
     */
    public boolean belongsTo(ProviderConfig provider) {
      return kind.equals(provider.kind()) && kind.equals(provider.name());
    }
  }
}
