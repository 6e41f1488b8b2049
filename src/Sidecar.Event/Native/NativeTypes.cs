using System.Runtime.InteropServices;

namespace Sidecar.Event.Native;

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct IoVec
{
    public byte* Base;
    public nint Length;
}

/// <summary>struct msghdr (64-bit).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct MsgHdr
{
    public void* Name;
    public uint NameLength;
    public IoVec* Vectors;
    public nint VectorCount;
    public void* Control;
    public nint ControlLength;
    public int Flags;
}

/// <summary>struct linger.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LingerOption
{
    public int OnOff;
    public int Seconds;
}

/// <summary>
/// struct epoll_event as an array in native memory. x86-64 packs it (12 bytes, data at 4); arm64 aligns it (16 bytes, data at 8).
/// </summary>
public static class EpollEventLayout
{
    private static readonly bool s_packed = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Bytes from one event to the next.</summary>
    public static int Stride => s_packed ? 12 : 16;

    /// <summary>Where the 64-bit user data lies within an event.</summary>
    public static int DataOffset => s_packed ? 4 : 8;
}
