using System;
using System.Text;
using Sidecar.ControlPlane.Resources;

namespace Sidecar.ControlPlane.Sessions;

/// <summary>Prints what happens on one stream, a line an event. What clients say is escaped and cut.</summary>
public sealed class StreamJournal(int stream, Action<string> print)
{
    private const int MaxTextLength = 1000;

    /// <summary>The id of the node at the other end, once it has told it.</summary>
    public string NodeId { get; set; } = "";

    public void OnOpen(string peer, string service) => print($"stream={stream} OPEN {service} from {peer}");

    public void OnClose(string reason) => print($"stream={stream} CLOSE node={Quote(NodeId)} {reason}");

    public void OnUnknownType(string typeUrl) =>
        print($"stream={stream} IGNORED node={Quote(NodeId)} subscription to {Quote(typeUrl)}: not a type that this server serves");

    internal void OnSend(Subscription to, int resources, int removed) =>
        Print("SEND", to, to.LastVersion, to.LastNonce, $" resources={resources}" + (removed == 0 ? "" : $" removed={removed}"));

    internal void OnAck(Subscription of, string nonce) => Print("ACK", of, VersionOf(of, nonce), nonce, "");

    internal void OnNack(Subscription of, string nonce, string error) =>
        Print("NACK", of, VersionOf(of, nonce), nonce, $" error={Quote(error)}");

    internal static string Quote(string text)
    {
        StringBuilder quoted = new(text.Length + 2);
        quoted.Append('"');
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxTextLength)))
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(c) => quoted.Append("\\u").Append(((int)c).ToString("x4", null)),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append(text.Length > MaxTextLength ? "...\"" : "\"").ToString();
    }

    private static string VersionOf(Subscription subscription, string nonce) =>
        nonce == subscription.LastNonce ? subscription.LastVersion : "?";

    private void Print(string what, Subscription subscription, string version, string nonce, string more)
    {
        ResourceType type = subscription.Type;
        print($"stream={stream} {what} node={Quote(NodeId)} type={type} version={version} nonce={Quote(nonce)}{more}");
    }
}
