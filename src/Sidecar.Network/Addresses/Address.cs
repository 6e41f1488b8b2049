using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sidecar.Network.Addresses;

/// <summary>What an address names.</summary>
public enum AddressKind : byte
{
    None = 0,
    Ipv4,
    Ipv6,

    /// <summary>A Unix domain socket; abstract ones begin with <c>@</c>.</summary>
    Pipe,
}

/// <summary>
/// A socket address in the kernel's form with its text in Envoy's notation (<c>10.0.0.1:80</c>, <c>[::1]:80</c>, <c>/run/x.sock</c>,
/// <c>@abstract</c>). Immutable; thread: any.
/// </summary>
public sealed class Address : IEquatable<Address>
{
    /// <summary>Longest path of a Unix domain socket (unix(7): sun_path is 108 bytes with its terminator).</summary>
    public const int MaxPipePathBytes = 107;

    private const ushort FamilyUnix = 1;
    private const ushort FamilyInet = 2;
    private const ushort FamilyInet6 = 10;
    private const int Ipv4Offset = 4;
    private const int Ipv6Offset = 8;
    private const int Ipv6ScopeOffset = 24;
    private const int PathOffset = 2;

    private readonly byte[] _sockaddr;
    private byte[]? _text;
    private byte[]? _ipText;

    private Address(AddressKind kind, byte[] sockaddr, uint pipeMode = 0)
    {
        Kind = kind;
        _sockaddr = sockaddr;
        PipeMode = pipeMode;
    }

    public AddressKind Kind { get; }

    public bool IsIp => Kind is AddressKind.Ipv4 or AddressKind.Ipv6;

    /// <summary>AF_INET, AF_INET6 or AF_UNIX.</summary>
    public int Family => BinaryPrimitives.ReadUInt16LittleEndian(_sockaddr);

    /// <summary>The sockaddr to hand to the kernel.</summary>
    public ReadOnlySpan<byte> Sockaddr => _sockaddr;

    /// <summary>0 for Unix domain sockets.</summary>
    public int Port => IsIp ? BinaryPrimitives.ReadUInt16BigEndian(_sockaddr.AsSpan(2)) : 0;

    /// <summary>Permission bits for the socket's file; 0 leaves the default.</summary>
    public uint PipeMode { get; }

    /// <summary>4 or 16 bytes in network order; empty for Unix domain sockets.</summary>
    public ReadOnlySpan<byte> IpBytes => Kind switch
    {
        AddressKind.Ipv4 => _sockaddr.AsSpan(Ipv4Offset, 4),
        AddressKind.Ipv6 => _sockaddr.AsSpan(Ipv6Offset, 16),
        _ => default,
    };

    /// <summary>Address and port as Envoy prints them.</summary>
    public ReadOnlySpan<byte> Text => _text ??= Encoding.UTF8.GetBytes(FormatText());

    /// <summary>The address without the port and without brackets; the path for Unix domain sockets.</summary>
    public ReadOnlySpan<byte> IpText => _ipText ??= Encoding.UTF8.GetBytes(IsIp ? Ip().ToString() : FormatText());

    /// <summary>127.0.0.0/8, ::1, or a Unix domain socket.</summary>
    public bool IsLoopback => Kind == AddressKind.Pipe || IPAddress.IsLoopback(Ip());

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsAny => IsIp && IpBytes.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>RFC 1918 and RFC 4193 addresses and loopback: Envoy's default notion of an internal address.</summary>
    public bool IsInternal
    {
        get
        {
            ReadOnlySpan<byte> ip = IpBytes;
            return Kind switch
            {
                AddressKind.Ipv4 => ip[0] is 10 or 127 || (ip[0] == 172 && (ip[1] & 0xF0) == 16) || (ip[0] == 192 && ip[1] == 168),
                AddressKind.Ipv6 => (ip[0] & 0xFE) == 0xFC || IPAddress.IsLoopback(Ip()),
                _ => true,
            };
        }
    }

    /// <summary>Parses an IPv4 or IPv6 literal (with an optional zone).</summary>
    public static bool TryParseIp(ReadOnlySpan<char> ip, int port, out Address? address)
    {
        address = null;
        if (port is < 0 or > 65535 || !IPAddress.TryParse(ip, out IPAddress? parsed))
        {
            return false;
        }

        // IPAddress takes "1" and "0x7f.1"; a literal in configuration has four decimal parts.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && ip.Count('.') != 3)
        {
            return false;
        }

        address = FromIp(parsed, port);
        return true;
    }

    public static Address FromIp(IPAddress ip, int port)
    {
        if (ip.AddressFamily == AddressFamily.InterNetwork)
        {
            var v4 = new byte[16];
            BinaryPrimitives.WriteUInt16LittleEndian(v4, FamilyInet);
            BinaryPrimitives.WriteUInt16BigEndian(v4.AsSpan(2), (ushort)port);
            ip.TryWriteBytes(v4.AsSpan(Ipv4Offset), out _);
            return new Address(AddressKind.Ipv4, v4);
        }

        var v6 = new byte[28];
        BinaryPrimitives.WriteUInt16LittleEndian(v6, FamilyInet6);
        BinaryPrimitives.WriteUInt16BigEndian(v6.AsSpan(2), (ushort)port);
        ip.TryWriteBytes(v6.AsSpan(Ipv6Offset), out _);
        BinaryPrimitives.WriteUInt32LittleEndian(v6.AsSpan(Ipv6ScopeOffset), (uint)ip.ScopeId);
        return new Address(AddressKind.Ipv6, v6);
    }

    /// <summary>A Unix domain socket; a path that begins with <c>@</c> is in the abstract namespace. False when it is empty or too long.</summary>
    public static bool TryPipe(string path, uint mode, out Address? address)
    {
        address = null;
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.Length is 0 or > MaxPipePathBytes)
        {
            return false;
        }

        bool isAbstract = bytes[0] == '@';
        // A path ends with a NUL; an abstract name begins with one and has the length the call gives it.
        var sockaddr = new byte[PathOffset + bytes.Length + (isAbstract ? 0 : 1)];
        BinaryPrimitives.WriteUInt16LittleEndian(sockaddr, FamilyUnix);
        bytes.CopyTo(sockaddr, PathOffset);
        if (isAbstract)
        {
            sockaddr[PathOffset] = 0;
        }

        address = new Address(AddressKind.Pipe, sockaddr, mode);
        return true;
    }

    /// <summary>The address of a sockaddr from the kernel; an unnamed Unix domain socket has the empty path.</summary>
    public static Address FromSockaddr(ReadOnlySpan<byte> sockaddr)
    {
        if (sockaddr.Length >= 2)
        {
            switch (BinaryPrimitives.ReadUInt16LittleEndian(sockaddr))
            {
                case FamilyInet when sockaddr.Length >= 16:
                    return new Address(AddressKind.Ipv4, sockaddr[..16].ToArray());
                case FamilyInet6 when sockaddr.Length >= 28:
                    return FromIpv6(sockaddr[..28]);
                case FamilyUnix:
                    return new Address(AddressKind.Pipe, sockaddr.ToArray());
            }
        }

        return new Address(AddressKind.Pipe, [(byte)FamilyUnix, 0]);
    }

    /// <summary>The same address with another port.</summary>
    public Address WithPort(int port)
    {
        byte[] copy = _sockaddr.AsSpan().ToArray();
        if (IsIp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(2), (ushort)port);
        }

        return new Address(Kind, copy, PipeMode);
    }

    public bool Equals(Address? other) => other is not null && Kind == other.Kind && _sockaddr.AsSpan().SequenceEqual(other._sockaddr);

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_sockaddr);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Text);

    /// <summary>An IPv4 peer of a dual-stack socket is an IPv4 address to everyone above.</summary>
    private static Address FromIpv6(ReadOnlySpan<byte> sockaddr)
    {
        var ip = new IPAddress(sockaddr.Slice(Ipv6Offset, 16), BinaryPrimitives.ReadUInt32LittleEndian(sockaddr[Ipv6ScopeOffset..]));
        return ip.IsIPv4MappedToIPv6
            ? FromIp(ip.MapToIPv4(), BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]))
            : new Address(AddressKind.Ipv6, sockaddr.ToArray());
    }

    private IPAddress Ip() => Kind == AddressKind.Ipv6
        ? new IPAddress(IpBytes, BinaryPrimitives.ReadUInt32LittleEndian(_sockaddr.AsSpan(Ipv6ScopeOffset)))
        : new IPAddress(IpBytes);

    private string FormatText()
    {
        switch (Kind)
        {
            case AddressKind.Ipv4:
                return $"{Ip()}:{Port}";
            case AddressKind.Ipv6:
                return $"[{Ip()}]:{Port}";
            default:
                ReadOnlySpan<byte> path = _sockaddr.AsSpan(Math.Min(PathOffset, _sockaddr.Length));
                if (path.IsEmpty)
                {
                    return string.Empty;
                }

                if (path[0] == 0)
                {
                    return path.Length == 1 ? string.Empty : "@" + Encoding.UTF8.GetString(path[1..]);
                }

                int end = path.IndexOf((byte)0);
                return Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
        }
    }
}
