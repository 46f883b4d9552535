package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class DeadEndTest {
  private static void connect(DeadEnd deadEnd) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(deadEnd.uri().getHost(), deadEnd.port()), 300);
    }
  }

  @Test
  void refuses() {
    try (DeadEnd deadEnd = DeadEnd.refusing()) {
      assertThatThrownBy(() -> connect(deadEnd)).isInstanceOf(ConnectException.class);
      assertThat(deadEnd.uri().toString()).isEqualTo("http://127.0.0.1:" + deadEnd.port());
    }
  }

  @Test
  void doesNotAnswer() {
    try (DeadEnd deadEnd = DeadEnd.silent()) {
      assertThatThrownBy(() -> connect(deadEnd)).isInstanceOf(SocketTimeoutException.class);
    }
  }
}
