package dev.fairlead.app.ledger;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.port.Endpoint;
import java.util.function.Supplier;

/**
 * {@code GET /api/governance/virtual-keys/quota}, asked with a virtual key: how the budgets and
 * limits stand that count its requests, those of its user, team, customer and of everybody
 * included.
 */
public final class QuotaEndpoint implements Endpoint {
  /** Where it is served. */
  public static final String PATH = "/api/governance/virtual-keys/quota";

  /** Sessions of one budget that are told. */
  private static final int MOST_SESSIONS = 100;

  private final Supplier<Snapshot> configuration;
  private final Ledger ledger;

  /** An endpoint over {@code ledger} under the configuration in force. */
  public QuotaEndpoint(Supplier<Snapshot> configuration, Ledger ledger) {
    this.configuration = configuration;
    this.ledger = ledger;
  }

  @Override
  public Access access() {
    return Access.IDENTIFIED;
  }

  @Override
  public Answer answer(Ask ask) {
    if (!(ask.principal() instanceof Principal.KeyHolder(VirtualKey key, var _))) {
      return Answer.json(
          403,
          new JsonWriter()
              .beginObject()
              .name("error")
              .beginObject()
              .field("type", "permission_error")
              .field("code", "virtual_key_required")
              .field("message", "Ask with the virtual key whose quota you want to know.")
              .endObject()
              .endObject()
              .text());
    }
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("virtual_key_id", key.id())
            .field("virtual_key_name", key.name())
            .field("is_active", key.active());
    if (key.expiresAt() != null) {
      json.field("expires_at", key.expiresAt().toString());
    }
    return Answer.json(
        200,
        QuotaJson.write(
                ledger.quotaWithSessions(ask.principal(), configuration.get(), MOST_SESSIONS), json)
            .endObject()
            .text());
  }
}
