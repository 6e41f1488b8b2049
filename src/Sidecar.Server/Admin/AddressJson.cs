using System.Text.Json;
using Sidecar.Network.Addresses;

namespace Sidecar.Server.Admin;

/// <summary>Addresses as <c>envoy.config.core.v3.Address</c>. Thread: main.</summary>
internal static class AddressJson
{
    public static void Write(Utf8JsonWriter json, Address address)
    {
        json.WriteStartObject();
        if (address.IsIp)
        {
            json.WriteStartObject("socket_address");
            json.WriteString("address", address.IpText);
            json.WriteNumber("port_value", address.Port);
        }
        else
        {
            json.WriteStartObject("pipe");
            json.WriteString("path", address.IpText);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
