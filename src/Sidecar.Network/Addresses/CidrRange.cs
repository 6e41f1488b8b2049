using System;
using System.Numerics;

namespace Sidecar.Network.Addresses;

/// <summary>An IP prefix. Immutable; thread: any.</summary>
public sealed class CidrRange
{
    private readonly byte[] _prefix;

    private CidrRange(byte[] prefix, int prefixLength)
    {
        _prefix = prefix;
        PrefixLength = prefixLength;
    }

    /// <summary>Bits.</summary>
    public int PrefixLength { get; }

    /// <summary>An address literal and a length in bits; a length over the address's is cut to it, as in Envoy.</summary>
    public static bool TryCreate(string address, int prefixLength, out CidrRange? range)
    {
        range = null;
        if (prefixLength < 0 || !Address.TryParseIp(address, 0, out Address? parsed))
        {
            return false;
        }

        byte[] bytes = parsed!.IpBytes.ToArray();
        range = new CidrRange(bytes, Math.Min(prefixLength, bytes.Length * 8));
        return true;
    }

    public bool Contains(Address address)
    {
        ReadOnlySpan<byte> ip = address.IpBytes;
        if (ip.Length != _prefix.Length)
        {
            return false;
        }

        int whole = PrefixLength / 8;
        if (!ip[..whole].SequenceEqual(_prefix.AsSpan(0, whole)))
        {
            return false;
        }

        int rest = PrefixLength % 8;
        return rest == 0 || BitOperations.LeadingZeroCount((uint)(ip[whole] ^ _prefix[whole]) << 24) >= rest;
    }
}
