package dev.fairlead.app.admin;

import java.util.List;

/** A call that is answered with an error, in the one form all errors of the control API have. */
public final class ApiProblem extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * One thing that is wrong with what was sent.
   *
   * @param field its path, like {@code budgets[0].max_limit}
   */
  public record Fault(String field, String message) {}

  private final int status;
  private final String code;
  private final transient List<Fault> faults;
  private final long retryAfterSeconds;

  /**
   * @param retryAfterSeconds -1 for none
   */
  public ApiProblem(
      int status, String code, String message, List<Fault> faults, long retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.faults = List.copyOf(faults);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  private ApiProblem(int status, String code, String message) {
    this(status, code, message, List.of(), -1);
  }

  /** 400: {@code field} of the body or query cannot be used. */
  public static ApiProblem invalid(String field, String message) {
    return new ApiProblem(400, "invalid_request", message, List.of(new Fault(field, message)), -1);
  }

  /** 400 with several things wrong, at least one. */
  public static ApiProblem invalid(List<Fault> faults) {
    Fault first = faults.getFirst();
    String message =
        faults.size() == 1
            ? first.message()
            : first.message() + " (and " + (faults.size() - 1) + " more)";
    return new ApiProblem(400, "invalid_request", message, faults, -1);
  }

  /** 401. */
  public static ApiProblem unauthenticated(String message) {
    return new ApiProblem(401, "unauthenticated", message);
  }

  /** 403. */
  public static ApiProblem forbidden(String message) {
    return new ApiProblem(403, "forbidden", message);
  }

  /** 403: the entity is kept in a file or the environment and changed there. */
  public static ApiProblem readOnly(String message) {
    return new ApiProblem(403, "read_only", message);
  }

  /** 404. */
  public static ApiProblem missing(String message) {
    return new ApiProblem(404, "not_found", message);
  }

  /** 409. */
  public static ApiProblem conflict(String message) {
    return new ApiProblem(409, "conflict", message);
  }

  /** 409: what {@code field} holds is taken. */
  public static ApiProblem taken(String field, String message) {
    return new ApiProblem(409, "conflict", message, List.of(new Fault(field, message)), -1);
  }

  /** 429. */
  public static ApiProblem tooMany(String message, long retryAfterSeconds) {
    return new ApiProblem(429, "too_many_requests", message, List.of(), retryAfterSeconds);
  }

  /** 503. */
  public static ApiProblem unavailable(String message) {
    return new ApiProblem(503, "unavailable", message, List.of(), 1);
  }

  public int status() {
    return status;
  }

  /** Short name of the reason, for programs. */
  public String code() {
    return code;
  }

  /** The reason, for people. */
  public String text() {
    return String.valueOf(getMessage());
  }

  public List<Fault> faults() {
    return faults;
  }

  /** Or -1. */
  public long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
