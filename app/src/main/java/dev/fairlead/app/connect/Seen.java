package dev.fairlead.app.connect;

import org.jspecify.annotations.Nullable;

/**
 * The newest of each thing that has arrived of one kind of client; null what has not.
 *
 * @param preflight a page or an app asked whether it may send requests
 * @param models a list of models was read
 * @param request a request with a key that is accepted
 * @param success an answer that was delivered whole
 * @param toolTurn an answer to a request that brought back what a tool had said
 * @param failed a request with an accepted key that was not answered
 * @param refused a request whose key is not accepted, or without one
 */
record Seen(
    @Nullable Step preflight,
    @Nullable Step models,
    @Nullable Step request,
    @Nullable Step success,
    @Nullable Step toolTurn,
    @Nullable Step failed,
    @Nullable Step refused) {
  static final Seen NOTHING = new Seen(null, null, null, null, null, null, null);

  Seen withPreflight(Step step) {
    return new Seen(step, models, request, success, toolTurn, failed, refused);
  }

  Seen withModels(Step step) {
    return new Seen(preflight, step, request, success, toolTurn, failed, refused);
  }

  Seen withRequest(Step step) {
    return new Seen(preflight, models, step, success, toolTurn, failed, refused);
  }

  Seen withSuccess(Step step, boolean tool) {
    return new Seen(preflight, models, step, step, tool ? step : toolTurn, failed, refused);
  }

  Seen withFailure(Step step) {
    return new Seen(preflight, models, step, success, toolTurn, step, refused);
  }

  Seen withRefused(Step step) {
    return new Seen(preflight, models, request, success, toolTurn, failed, step);
  }

  /** What of it happened at {@code millis} or later. */
  Seen since(long millis) {
    return new Seen(
        later(preflight, millis),
        later(models, millis),
        later(request, millis),
        later(success, millis),
        later(toolTurn, millis),
        later(failed, millis),
        later(refused, millis));
  }

  private static @Nullable Step later(@Nullable Step step, long millis) {
    return step == null || step.atMillis() < millis ? null : step;
  }
}
