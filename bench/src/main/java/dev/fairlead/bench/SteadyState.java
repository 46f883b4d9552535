package dev.fairlead.bench;

import dev.fairlead.bench.load.LoadResult;

/**
 * Says when a system has warmed up: when successive windows of load cost the same CPU per reply and
 * a JVM's compilers have next to nothing left to do. They compile for many seconds, on a busy
 * machine for a minute, and figures from that time tell about them.
 */
final class SteadyState {

  /** Change from one window to the next that counts as none. */
  private static final double SAME = 0.05;

  /** Changes in a row that have to be none: between two compilations there may be a pause. */
  private static final int IN_A_ROW = 2;

  /** Share of a process's CPU that its compilers may still have. */
  private static final double COMPILING = 0.06;

  /** The kernel counts CPU in ticks; two ticks of difference may be none. */
  private static final double TICKS_MICROS = 20_000;

  private double last = Double.NaN;
  private int alike;

  /** Takes the next window; true when the system is warm. */
  boolean reached(LoadResult window) {
    if (window.requests() == 0) {
      alike = 0;
      return false;
    }
    double cost = window.cpuPerRequest();
    double allowed = Math.max(SAME * last, TICKS_MICROS / window.requests());
    boolean compiled = window.compilerMicros() <= COMPILING * window.cpuMicros();
    alike = compiled && Math.abs(cost - last) <= allowed ? alike + 1 : 0;
    last = cost;
    return alike >= IN_A_ROW;
  }
}
