using System.Buffers.Binary;
using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Network.Sockets;
using SocketOptionProto = Envoy.Config.Core.V3.SocketOption;

namespace Sidecar.Config.Values;

/// <summary><c>envoy.config.core.v3.SocketOption</c>. All options are set before the socket is bound. Thread: main.</summary>
internal static class SocketOptionConverter
{
    public static IReadOnlyList<SocketOption> Build(RepeatedField<SocketOptionProto> protos, FieldScope at, string field)
    {
        if (protos.Count == 0)
        {
            return [];
        }

        var options = new List<SocketOption>(protos.Count);
        for (int i = 0; i < protos.Count; i++)
        {
            if (Build(protos[i], at.Item(field, i)) is { } option)
            {
                options.Add(option);
            }
        }

        return options;
    }

    private static SocketOption? Build(SocketOptionProto proto, FieldScope at)
    {
        if (proto.State != SocketOptionProto.Types.SocketState.StatePrebind)
        {
            at.Unsupported("state", "the option is set before the socket is bound");
        }

        if (proto.Level is < 0 or > int.MaxValue || proto.Name is < 0 or > int.MaxValue)
        {
            at.Error("level and name must be the kernel's numbers");
            return null;
        }

        byte[] value;
        if (proto.ValueCase == SocketOptionProto.ValueOneofCase.BufValue)
        {
            value = proto.BufValue.ToByteArray();
        }
        else if (proto.IntValue is < int.MinValue or > int.MaxValue)
        {
            at.Error("int_value", "does not fit 32 bits");
            return null;
        }
        else
        {
            value = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(value, (int)proto.IntValue);
        }

        return new SocketOption((int)proto.Level, (int)proto.Name, value);
    }
}
