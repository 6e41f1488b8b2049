using System;
using System.IO;
using System.Text;
using Sidecar.Config.Conversion;
using DataSourceProto = Envoy.Config.Core.V3.DataSource;

namespace Sidecar.Config.Values;

/// <summary><c>envoy.config.core.v3.DataSource</c>: bytes that stand in the configuration, a file or the environment. Thread: main.</summary>
internal static class DataSourceConverter
{
    /// <summary>The bytes; empty, with the error told, when they cannot be had or are more than allowed.</summary>
    public static byte[] Read(DataSourceProto proto, int maxBytes, FieldScope at)
    {
        byte[] bytes = Read(proto, at);
        if (bytes.Length > maxBytes)
        {
            at.Error($"{bytes.Length} bytes are more than the {maxBytes} allowed");
            return [];
        }

        return bytes;
    }

    private static byte[] Read(DataSourceProto proto, FieldScope at)
    {
        switch (proto.SpecifierCase)
        {
            case DataSourceProto.SpecifierOneofCase.InlineBytes:
                return proto.InlineBytes.ToByteArray();
            case DataSourceProto.SpecifierOneofCase.InlineString:
                return Encoding.UTF8.GetBytes(proto.InlineString);
            case DataSourceProto.SpecifierOneofCase.EnvironmentVariable:
                string? value = Environment.GetEnvironmentVariable(proto.EnvironmentVariable);
                if (value is null)
                {
                    at.Error("environment_variable", $"\"{proto.EnvironmentVariable}\" is not set");
                }

                return Encoding.UTF8.GetBytes(value ?? string.Empty);
            case DataSourceProto.SpecifierOneofCase.Filename:
                return ReadFile(proto.Filename, at);
            default:
                at.Error("a data source is required");
                return [];
        }
    }

    private static byte[] ReadFile(string path, FieldScope at)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            at.Error("filename", unreadable.Message);
            return [];
        }
    }
}
