package dev.fairlead.bench.load;

/**
 * What one run measured. Times of replies are in microseconds.
 *
 * @param requests complete, correct replies within the measured time
 * @param errors everything else that ended within it: other statuses, cut replies, lost connections
 * @param seconds length of the measured time
 * @param cpuMicros CPU time of the watched process within the measured time; 0 without one
 * @param loopMicros the part of it that event loops had; 0 in a process without Vert.x
 * @param compilerMicros the part of it that a JVM's compilers had
 * @param rssBeforeKilobytes its memory before the first request
 * @param rssKilobytes its memory at the end of the measured time
 * @param held streams open at the end of the measured time
 * @param latencyP50 median time from when a request was due to its last byte
 * @param latencyP99 99th percentile of the same
 * @param latencyMax longest of the same
 * @param firstByteP50 median time from when a request was due to the first byte of the reply's body
 * @param frames stamped events received within the measured time
 * @param frameP50 median time from when the provider sent an event to its arrival
 * @param frameP99 99th percentile of the same
 * @param firstError what the first failure said; empty if there was none
 */
public record LoadResult(
    long requests,
    long errors,
    double seconds,
    long cpuMicros,
    long loopMicros,
    long compilerMicros,
    long rssBeforeKilobytes,
    long rssKilobytes,
    int held,
    double latencyP50,
    double latencyP99,
    double latencyMax,
    double firstByteP50,
    long frames,
    double frameP50,
    double frameP99,
    String firstError) {

  /** Complete replies per second. */
  public double requestsPerSecond() {
    return requests / seconds;
  }

  /** CPU time of the watched process per complete reply, in microseconds. */
  public double cpuPerRequest() {
    return requests == 0 ? Double.NaN : (double) cpuMicros / requests;
  }

  /**
   * The same without what its compilers had, which end sooner or later, and later at a low rate.
   */
  public double workPerRequest() {
    return requests == 0 ? Double.NaN : (double) (cpuMicros - compilerMicros) / requests;
  }

  /** CPU time of its event loops per complete reply, in microseconds. */
  public double loopPerRequest() {
    return requests == 0 ? Double.NaN : (double) loopMicros / requests;
  }

  /** CPU time of the watched process per event, in microseconds. */
  public double cpuPerFrame() {
    return frames == 0 ? Double.NaN : (double) cpuMicros / frames;
  }

  /** Reads what {@link #toLine()} wrote. */
  public static LoadResult parse(String line) {
    KeyValues values = KeyValues.parse(line);
    return new LoadResult(
        values.number("requests"),
        values.number("errors"),
        values.decimal("seconds"),
        values.number("cpuMicros"),
        values.number("loopMicros"),
        values.number("compilerMicros"),
        values.number("rssBeforeKilobytes"),
        values.number("rssKilobytes"),
        values.integer("held"),
        values.decimal("latencyP50"),
        values.decimal("latencyP99"),
        values.decimal("latencyMax"),
        values.decimal("firstByteP50"),
        values.number("frames"),
        values.decimal("frameP50"),
        values.decimal("frameP99"),
        values.text("firstError"));
  }

  /** One machine-readable line. */
  public String toLine() {
    return new KeyValues()
        .with("requests", requests)
        .with("errors", errors)
        .with("seconds", seconds)
        .with("cpuMicros", cpuMicros)
        .with("loopMicros", loopMicros)
        .with("compilerMicros", compilerMicros)
        .with("rssBeforeKilobytes", rssBeforeKilobytes)
        .with("rssKilobytes", rssKilobytes)
        .with("held", held)
        .with("latencyP50", latencyP50)
        .with("latencyP99", latencyP99)
        .with("latencyMax", latencyMax)
        .with("firstByteP50", firstByteP50)
        .with("frames", frames)
        .with("frameP50", frameP50)
        .with("frameP99", frameP99)
        .with("firstError", firstError)
        .toString();
  }
}
