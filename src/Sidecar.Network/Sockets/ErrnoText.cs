using System.Runtime.InteropServices;
using Sidecar.Event.Native;

namespace Sidecar.Network.Sockets;

/// <summary>The system's words for an error. Thread: any; for logs and configuration errors, not for the hot path.</summary>
public static class ErrnoText
{
    public static string Of(Errno error) => Marshal.GetPInvokeErrorMessage((int)error);
}
