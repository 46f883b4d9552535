package dev.fairlead.core.governance;

import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Headers;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request is put down to. Ids and names as they were when it arrived; null where there is
 * none.
 *
 * @param repository what the client reveals of the code it works on, or null
 * @param branch the same of the branch, or null
 * @param tags the request's {@code x-bf-dim-*} headers, without the prefix
 */
public record Attribution(
    @Nullable Named key,
    @Nullable Named user,
    @Nullable Named team,
    @Nullable Named customer,
    @Nullable Named rule,
    @Nullable String repository,
    @Nullable String branch,
    Map<String, String> tags) {
  /** Nobody and nothing. */
  public static final Attribution NONE =
      new Attribution(null, null, null, null, null, null, null, Map.of());

  public Attribution {
    tags = Map.copyOf(tags);
  }

  /** Most tags of one request that are kept. */
  public static final int MOST_TAGS = 16;

  private static final int LONGEST_TAG = 256;
  private static final String TAG = "x-bf-dim-";

  /** What follows from who asks and from the request's headers. */
  public static Attribution of(Principal principal, Governance governance, Headers headers) {
    Map<String, String> tags = tags(headers);
    if (!(principal instanceof Principal.KeyHolder(VirtualKey key, var _))) {
      return tags.isEmpty()
          ? NONE
          : new Attribution(null, null, null, null, null, null, null, tags);
    }
    User user = governance.userOf(key);
    Team team = governance.teamOf(key);
    Customer customer = governance.customerOf(key);
    return new Attribution(
        new Named(key.id(), key.name()),
        user == null ? null : new Named(user.id(), user.name()),
        team == null ? null : new Named(team.id(), team.name()),
        customer == null ? null : new Named(customer.id(), customer.name()),
        null,
        null,
        null,
        tags);
  }

  private static Map<String, String> tags(Headers headers) {
    Map<String, String> tags = new HashMap<>(0);
    headers.forEach((name, value) -> {
      if (name.length() > TAG.length()
          && name.length() <= LONGEST_TAG
          && name.regionMatches(true, 0, TAG, 0, TAG.length())
          && value.length() <= LONGEST_TAG
          && tags.size() < MOST_TAGS) {
        tags.putIfAbsent(name.substring(TAG.length()).toLowerCase(Locale.ROOT), value);
      }
    });
    return tags;
  }

  /** An entity by id and name. */
  public record Named(String id, String name) {}

  /** The same request, of a client that reveals this of the code it works on. */
  public Attribution at(@Nullable String revealedRepository, @Nullable String revealedBranch) {
    return new Attribution(
        key, user, team, customer, rule, revealedRepository, revealedBranch, tags);
  }

  /** The same request, sent where {@code taken} says. */
  public Attribution by(Named taken) {
    return new Attribution(key, user, team, customer, taken, repository, branch, tags);
  }
}
