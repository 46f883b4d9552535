package dev.fairlead.app.policy;

import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.ledger.Quota;
import dev.fairlead.core.port.UsageView;

/** How full budgets and limits are, as the ledger says. */
public final class LedgerUsage implements UsageView {
  private static final String GRANT = "vk:";

  private final Ledger ledger;

  public LedgerUsage(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public double percentUsed(What what, Going going, long atMillis) {
    double most = 0;
    for (Quota quota : ledger.quota(going.principal(), going.snapshot())) {
      if (counts(quota, what) && counts(quota.applies(), going) && isOf(quota.owner(), going)) {
        most = Math.max(most, quota.fraction() * 100);
      }
    }
    return most;
  }

  private static boolean counts(Quota quota, What what) {
    return switch (quota.unit()) {
      case MONEY -> what == What.MONEY;
      case TOKENS -> what == What.TOKENS;
      case REQUESTS -> what == What.REQUESTS;
      case CONCURRENT -> false;
    };
  }

  private static boolean counts(Applies applies, Going going) {
    return applies.providers().matches(going.provider())
        && (applies.models().matches(going.model())
            || applies.models().matches(going.provider() + "/" + going.model()))
        && applies.clients().matches(going.client());
  }

  /** What a key may use at one provider is counted for that provider only. */
  private static boolean isOf(String owner, Going going) {
    return !owner.startsWith(GRANT)
        || owner.indexOf('/') < 0
        || owner.endsWith("/" + going.provider());
  }
}
