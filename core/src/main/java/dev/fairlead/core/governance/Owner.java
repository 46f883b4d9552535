package dev.fairlead.core.governance;

/** Whom a budget or limit belongs to: it counts every request of that owner. */
public sealed interface Owner {
  /** Stable and safe to log, e.g. {@code team:t1}. */
  String id();

  /** Every request of the gateway. */
  record Everybody() implements Owner {
    @Override
    public String id() {
      return "all";
    }
  }

  /** Requests of a customer's keys, its teams' included. */
  record OfCustomer(String customerId) implements Owner {
    @Override
    public String id() {
      return "customer:" + customerId;
    }
  }

  /** Requests of a team's keys. */
  record OfTeam(String teamId) implements Owner {
    @Override
    public String id() {
      return "team:" + teamId;
    }
  }

  /** Requests of all keys of one person. */
  record OfUser(String userId) implements Owner {
    @Override
    public String id() {
      return "user:" + userId;
    }
  }

  /** Requests of one virtual key. */
  record OfKey(String keyId) implements Owner {
    @Override
    public String id() {
      return "vk:" + keyId;
    }
  }

  /**
   * Requests of one virtual key that go to one provider; when used up, the provider is left out of
   * the key's plans while others go on.
   */
  record OfGrant(String keyId, String provider) implements Owner {
    @Override
    public String id() {
      return "vk:" + keyId + "/" + provider;
    }
  }
}
