package dev.fairlead.core.governance;

import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.HeaderTemplate.Field;
import dev.fairlead.core.identity.Principal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking, as far as it has been verified: what belongs to the virtual key that was checked.
 * Only the session is the client's own word.
 */
public final class Identity implements Function<Field, @Nullable String> {
  private final @Nullable VirtualKey key;
  private final Governance governance;
  private final @Nullable String session;
  private final String requestId;

  public Identity(
      Principal principal, Governance governance, @Nullable String session, String requestId) {
    this.key = principal instanceof Principal.KeyHolder(VirtualKey held, var _) ? held : null;
    this.governance = governance;
    this.session = session;
    this.requestId = requestId;
  }

  @Override
  public @Nullable String apply(Field field) {
    return switch (field) {
      case SESSION -> session;
      case REQUEST_ID -> requestId;
      case KEY_ID -> key == null ? null : key.id();
      case KEY_NAME -> key == null ? null : key.name();
      case USER_ID, USER_NAME, USER_EMAIL -> ofUser(field);
      case TEAM_ID, TEAM_NAME -> ofTeam(field);
      case CUSTOMER_ID, CUSTOMER_NAME -> ofCustomer(field);
    };
  }

  private @Nullable String ofUser(Field field) {
    User user = key == null ? null : governance.userOf(key);
    if (user == null) {
      return null;
    }
    return field == Field.USER_ID
        ? user.id()
        : field == Field.USER_NAME ? user.name() : user.email();
  }

  private @Nullable String ofTeam(Field field) {
    Team team = key == null ? null : governance.teamOf(key);
    return team == null ? null : field == Field.TEAM_ID ? team.id() : team.name();
  }

  private @Nullable String ofCustomer(Field field) {
    Customer customer = key == null ? null : governance.customerOf(key);
    return customer == null ? null : field == Field.CUSTOMER_ID ? customer.id() : customer.name();
  }
}
