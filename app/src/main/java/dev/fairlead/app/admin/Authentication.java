package dev.fairlead.app.admin;

import dev.fairlead.core.port.Site;

/** Tells who calls, by what stands in the head of a call. May block. */
@FunctionalInterface
public interface Authentication {
  /**
   * Who it is; {@link Actor#NOBODY} where nothing was said.
   *
   * @throws ApiProblem where something was said that is wrong, expired or sent by a page of another
   *     origin
   */
  Actor actor(Site.Call call) throws ApiProblem, InterruptedException;
}
