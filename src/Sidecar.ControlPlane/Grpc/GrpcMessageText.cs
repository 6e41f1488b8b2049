using System;
using System.Text;

namespace Sidecar.ControlPlane.Grpc;

/// <summary>
/// The encoding of grpc-message: printable ASCII but the percent sign stands for itself, the rest is percent-encoded UTF-8.
/// </summary>
public static class GrpcMessageText
{
    /// <summary>Encodes a text of any content as a header value.</summary>
    public static string Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder encoded = new(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(b.ToString("X2", null));
            }
        }

        return encoded.ToString();
    }
}
