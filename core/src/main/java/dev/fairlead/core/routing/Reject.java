package dev.fairlead.core.routing;

/** Something of a request that a provider said it does not take. */
public sealed interface Reject {
  /** A top-level field of the body. */
  record Field(String name) implements Reject {
    @Override
    public String label() {
      return name;
    }
  }

  /** A top-level field of the body that goes under another name there. */
  record Renamed(String name, String instead) implements Reject {
    @Override
    public String label() {
      return name + " (sent as " + instead + ")";
    }
  }

  /** A value of the header {@code anthropic-beta}. */
  record Beta(String value) implements Reject {
    @Override
    public String label() {
      return "anthropic-beta:" + value;
    }
  }

  /** In words for logs, headers and receipts. */
  String label();
}
