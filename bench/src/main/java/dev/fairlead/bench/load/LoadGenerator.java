package dev.fairlead.bench.load;

import dev.fairlead.bench.process.NettyTransport;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The load generator's process: reads one {@link LoadSpec} a line from standard input, runs it, and
 * answers with one {@link LoadResult} a line, or a line beginning with {@code failed=}. It stays
 * warm between runs and ends with its input.
 */
public final class LoadGenerator {

  private LoadGenerator() {}

  /** Serves until standard input ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    NettyTransport transport = NettyTransport.best();
    EventLoopGroup group = transport.group(1);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(answer(line, group, transport));
      System.out.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private static String answer(String line, EventLoopGroup group, NettyTransport transport)
      throws InterruptedException {
    try {
      LoadSpec spec = LoadSpec.parse(line);
      return LoadRun.of(spec, group.next(), transport)
          .start()
          .get(spec.limit().toMillis(), TimeUnit.MILLISECONDS)
          .toLine();
    } catch (IllegalArgumentException | TimeoutException e) {
      return new KeyValues().with("failed", e).toString();
    } catch (ExecutionException e) {
      return new KeyValues().with("failed", String.valueOf(e.getCause())).toString();
    }
  }
}
