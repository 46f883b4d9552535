package dev.fairlead.conformance.sdk;

import java.util.List;

/**
 * One reason for which a request is refused, and what every client has to be told of it.
 *
 * @param key name of the virtual key in {@link #CONFIG} that is refused; its value follows from it
 * @param status of the answer
 * @param code where the dialect has room for one
 * @param words the message holds all of them
 * @param again what clients are told about asking again
 */
record Denial(String key, int status, String code, Again again, List<String> words) {
  /** What is said about asking again. */
  enum Again {
    /** No {@code retry-after}: waiting does not help. */
    NEVER,
    /** {@code retry-after} is further away than a program should wait by itself. */
    LONG,
    /** {@code retry-after} is near, and the SDKs ask again by themselves. */
    SHORT
  }

  /**
   * One key for each denial. What is used up is used up by one request, which costs a cent and
   * takes 2,063 tokens.
   */
  static final String CONFIG =
      """
      {
        "client": {"enforce_auth_on_inference": true},
        "providers": {
          "openai": {
            "keys": [{"name": "main", "value": "env.OPENAI_API_KEY", "models": [], "weight": 1}],
            "network_config": {"base_url": "%1$s"}
          },
          "anthropic": {
            "keys": [{"name": "main", "value": "env.OPENAI_API_KEY", "models": [], "weight": 1}],
            "network_config": {"base_url": "%1$s"}
          }
        },
        "governance": {
          "pricing_overrides": [
            {"name": "a cent", "scope_kind": "global", "match_type": "wildcard", "pattern": "*",
             "pricing_patch": {"input_usd_per_million": 0, "cache_read_usd_per_million": 0,
               "cache_write_5m_usd_per_million": 0, "output_usd_per_million": 0,
               "cost_per_request": 0.01}}
          ],
          "customers": [{"id": "acme", "name": "Acme", "budget": %2$s}],
          "teams": [{"id": "core", "name": "Core", "budget": %2$s}],
          "users": [
            {"id": "ann", "name": "Ann", "budget": %2$s},
            {"id": "bob", "name": "Bob", "active": false}
          ],
          "model_configs": [
            {"model_name": "gpt-4.1", "provider": "openai", "budget": %2$s}
          ],
          "routing_rules": [
            {"name": "not here", "cel_expression": "true", "action": "deny", "scope": "virtual_key",
             "scope_id": "rule", "deny_message": "Payment code stays with the other team."}
          ],
          "virtual_keys": [
            %3$s
          ]
        }
      }
      """;

  private static final String BUDGET = "{\"max_limit\": 0.01, \"reset_duration\": \"1Y\"}";
  private static final String ALL = "\"allow_all_providers\": true, ";

  private static final List<String[]> KEYS =
      List.of(
          new String[] {"disabled", ALL + "\"is_active\": false"},
          new String[] {"expired", ALL + "\"expires_at\": \"2020-01-31T00:00:00Z\""},
          new String[] {"of-bob", ALL + "\"user_id\": \"bob\""},
          new String[] {"elsewhere", ALL + "\"allowed_ips\": [\"10.0.0.0/8\"]"},
          new String[] {"model", grant("openai", "\"allowed_models\": [\"o3*\"]")},
          new String[] {
            "model-denied",
            grant("openai", "\"allowed_models\": [\"*\"], \"blacklisted_models\": [\"gpt-4*\"]")
          },
          new String[] {"provider", grant("anthropic", "\"allowed_models\": [\"*\"]")},
          new String[] {"residency", ALL + "\"required_tags\": [\"eu\"]"},
          new String[] {"rule", "\"allow_all_providers\": true"},
          new String[] {"budget-key", ALL + "\"budget\": " + BUDGET},
          new String[] {
            "budget-at",
            grant("openai", "\"allowed_models\": [\"*\"], \"budgets\": [" + BUDGET + "]")
          },
          new String[] {"budget-team", ALL + "\"team_id\": \"core\""},
          new String[] {"budget-customer", ALL + "\"customer_id\": \"acme\""},
          new String[] {"budget-user", ALL + "\"user_id\": \"ann\""},
          new String[] {"budget-model", "\"allow_all_providers\": true"},
          new String[] {
            "budget-session",
            ALL
                + "\"budget\": {\"max_limit\": 0.01, \"reset_duration\": \"1Y\","
                + " \"applies_to\": {\"per_session\": true}}"
          },
          new String[] {
            "requests",
            ALL + "\"rate_limit\": {\"request_max_limit\": 1, \"request_reset_duration\": \"1Y\"}"
          },
          new String[] {
            "tokens",
            ALL + "\"rate_limit\": {\"token_max_limit\": 1000, \"token_reset_duration\": \"1Y\"}"
          },
          new String[] {
            "claude-code",
            ALL
                + "\"budgets\": [{\"max_limit\": 0.04, \"reset_duration\": \"1d\"},"
                + " {\"max_limit\": 0.5, \"reset_duration\": \"1M\"}]"
          },
          new String[] {"at-once", ALL + "\"rate_limit\": {\"concurrent_max_limit\": 1}"});

  static final String SPENT = "$0.01 of $0.01 used, $0.00 reserved by requests under way";

  static final List<Denial> ALL_OF_THEM =
      List.of(
          denied("nobody", 401, "invalid_api_key", "is not known here"),
          denied("disabled", 401, "key_disabled", "\"disabled\"", "is disabled"),
          denied("expired", 401, "key_expired", "expired at 2020-01-31T00:00:00Z"),
          denied("rotated", 401, "key_rotated", "replaced by a new value"),
          denied("of-bob", 401, "user_disabled", "belongs to Bob, who is disabled"),
          denied("elsewhere", 403, "ip_blocked", "may not be used from 127.0.0.1", "allowed_ips"),
          denied("model", 403, "model_blocked", "\"model\"", "model gpt-4o of provider openai"),
          denied("model-denied", 403, "model_blocked", "model gpt-4o of provider openai"),
          denied("provider", 403, "provider_blocked", "may not use provider openai"),
          denied("residency", 403, "residency", "tagged eu", "openai is not"),
          denied("rule", 403, "rule_denied", "Payment code stays with the other team."),
          spent("budget-key", "The budget (1Y) of key \"budget-key\" is used up: "),
          spent("budget-at", "of key \"budget-at\" at provider openai is used up: "),
          spent("budget-team", "of team \"Core\" is used up: "),
          spent("budget-customer", "of customer \"Acme\" is used up: "),
          spent("budget-user", "of user \"Ann\" is used up: "),
          spent("budget-model", "for model gpt-4.1 at provider openai is used up: "),
          spent("budget-session", "The session budget (1Y) of key \"budget-session\" is used up: "),
          new Denial(
              "requests",
              429,
              "request_limit_exceeded",
              Again.LONG,
              List.of(
                  "The limit of requests (1Y) of key \"requests\" is reached: 1 of 1 used,"
                      + " 0 reserved",
                  "It starts anew at 20",
                  "UTC")),
          new Denial(
              "tokens",
              429,
              "token_limit_exceeded",
              Again.LONG,
              List.of(
                  "The limit of tokens (1Y) of key \"tokens\" is reached: 2063 tokens of"
                      + " 1000 tokens used, 0 tokens reserved",
                  "this request may take",
                  "It starts anew at 20",
                  "UTC")),
          new Denial(
              "at-once",
              429,
              "concurrency_limit_exceeded",
              Again.SHORT,
              List.of(
                  "The limit of requests at once of key \"at-once\" is reached: 1 of 1 are under"
                      + " way")));

  /** {@link #CONFIG} with its provider at {@code url}. */
  static String config(String url) {
    StringBuilder keys = new StringBuilder();
    for (String[] key : KEYS) {
      keys.append(keys.isEmpty() ? "" : ",\n")
          .append(
              "{\"id\": \"%1$s\", \"name\": \"%1$s\", \"value\": \"%2$s\", %3$s}"
                  .formatted(key[0], value(key[0]), key[1]));
    }
    return CONFIG.formatted(url, BUDGET, keys);
  }

  /** The model that is asked for. */
  String model() {
    return key.equals("budget-model") ? "openai/gpt-4.1" : "openai/gpt-4o";
  }

  /** Whether it takes a request before it that uses up what there is. */
  boolean takesAnother() {
    return status == 402 || (status == 429 && again == Again.LONG);
  }

  /** Whether counting tokens is refused like everything else: it costs nothing. */
  boolean refusesCounting() {
    return status != 402 && !key.equals("tokens");
  }

  String value() {
    return value(key);
  }

  @Override
  public String toString() {
    return key;
  }

  static String value(String key) {
    return "sk-bf-denials-" + key + "-key";
  }

  private static String grant(String provider, String fields) {
    return "\"provider_configs\": [{\"provider\": \"%s\", \"key_ids\": [\"*\"], %s}]"
        .formatted(provider, fields);
  }

  private static Denial denied(String key, int status, String code, String... words) {
    return new Denial(key, status, code, Again.NEVER, List.of(words));
  }

  private static Denial spent(String key, String whose) {
    return new Denial(
        key,
        402,
        "budget_exceeded",
        Again.LONG,
        List.of(
            whose + SPENT,
            "this request may cost up to $0.01",
            "It starts anew at 20",
            "UTC",
            "top-up"));
  }
}
