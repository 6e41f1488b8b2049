using System;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sidecar.IntegrationTests.Peers;

/// <summary>Writes bytes and reads bytes, with bounded waits: for what no well-behaved client would send.</summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket _socket;

    public RawClient(int port, int timeoutMs = 5000)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.ReceiveTimeout = timeoutMs;
        _socket.SendTimeout = timeoutMs;
        _socket.Connect(IPAddress.Loopback, port);
    }

    public void Send(string text) => _socket.Send(Encoding.Latin1.GetBytes(text));

    public void Send(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    /// <summary>Our FIN.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Everything until the peer closes (or resets).</summary>
    public string ReadToEnd()
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            int n;
            while ((n = _socket.Receive(buffer)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, n));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            text.Append("<reset>");
        }

        return text.ToString();
    }

    /// <summary>Reads until the text contains a marker.</summary>
    public string ReadUntil(string marker)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!text.ToString().Contains(marker, StringComparison.Ordinal))
        {
            int n = _socket.Receive(buffer);
            if (n == 0)
            {
                throw new InvalidOperationException($"closed before '{marker}'; got: {text}");
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, n));
        }

        return text.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
