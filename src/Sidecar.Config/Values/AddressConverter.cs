using System;
using Sidecar.Config.Conversion;
using Sidecar.Network.Addresses;
using AddressProto = Envoy.Config.Core.V3.Address;
using SocketAddressProto = Envoy.Config.Core.V3.SocketAddress;

namespace Sidecar.Config.Values;

/// <summary><c>envoy.config.core.v3.Address</c>. Thread: main.</summary>
internal static class AddressConverter
{
    /// <summary>A TCP address literal or a Unix domain socket; null, with the error told, for anything else.</summary>
    public static Address? Build(AddressProto? proto, FieldScope at)
    {
        switch (proto?.AddressCase)
        {
            case AddressProto.AddressOneofCase.SocketAddress:
                return Build(proto.SocketAddress, at.Field("socket_address"));
            case AddressProto.AddressOneofCase.Pipe:
                return BuildPipe(proto, at.Field("pipe"));
            case AddressProto.AddressOneofCase.EnvoyInternalAddress:
                at.Error("envoy_internal_address", "internal listeners are not supported");
                return null;
            default:
                at.Error("an address is required");
                return null;
        }
    }

    /// <summary>An address literal and a port.</summary>
    public static Address? Build(SocketAddressProto proto, FieldScope at)
    {
        if (!CheckTransport(proto, at))
        {
            return null;
        }

        if (!Address.TryParseIp(proto.Address, (int)Math.Min(proto.PortValue, int.MaxValue), out Address? address))
        {
            at.Error("address", $"malformed IP address: {proto.Address}");
        }

        return address;
    }

    /// <summary>What holds of names as of literals: TCP, a number as port, no resolver extension.</summary>
    public static bool CheckTransport(SocketAddressProto proto, FieldScope at)
    {
        int before = at.Context.Errors.Count;
        if (proto.Protocol != SocketAddressProto.Types.Protocol.Tcp)
        {
            at.Error("protocol", "only TCP is supported");
        }

        if (proto.PortSpecifierCase == SocketAddressProto.PortSpecifierOneofCase.NamedPort)
        {
            at.Error("named_port", "named ports are not supported; give port_value");
        }

        if (proto.ResolverName.Length > 0)
        {
            at.Error("resolver_name", $"there is no resolver \"{proto.ResolverName}\"");
        }

        return at.Context.Errors.Count == before;
    }

    private static Address? BuildPipe(AddressProto proto, FieldScope at)
    {
        if (!Address.TryPipe(proto.Pipe.Path, proto.Pipe.Mode, out Address? address))
        {
            at.Error("path", $"a Unix domain socket has a path of 1 to {Address.MaxPipePathBytes} bytes");
        }

        return address;
    }
}
