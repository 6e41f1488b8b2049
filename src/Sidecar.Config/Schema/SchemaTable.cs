using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;

namespace Sidecar.Config.Schema;

/// <summary>
/// The messages and enums of the API, read from the descriptor set that Sidecar.Api embeds. The constructor only notes where each type
/// lies; a type is read on first use. Google.Protobuf's own descriptors are not used: building them costs seconds and tens of
/// megabytes. Any thread.
/// </summary>
public sealed class SchemaTable
{
    private readonly byte[] _descriptors;
    private readonly Dictionary<string, TypeLocation> _locations = new(2048, StringComparer.Ordinal);
    private readonly Dictionary<string, MessageSchema> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EnumSchema> _enums = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Indexes a serialized google.protobuf.FileDescriptorSet.</summary>
    public SchemaTable(byte[] descriptors)
    {
        _descriptors = descriptors;
        WireReader files = new(descriptors);
        while (files.TryReadField(out WireField file))
        {
            IndexFile(file.Offset, file.Length);
        }
    }

    /// <summary>The table of Sidecar.Api's messages, made on first use.</summary>
    public static SchemaTable Api => ApiHolder.Table;

    /// <summary>The full name that a type URL ends in.</summary>
    public static string NameOf(string typeUrl) => typeUrl[(typeUrl.LastIndexOf('/') + 1)..];

    /// <summary>Finds a message by full name; null if the table lacks it.</summary>
    public MessageSchema? FindMessage(string fullName)
    {
        lock (_lock)
        {
            if (_messages.TryGetValue(fullName, out MessageSchema? known))
            {
                return known;
            }

            if (!_locations.TryGetValue(fullName, out TypeLocation location) || location.IsEnum)
            {
                return null;
            }

            ReadOnlyMemory<byte> descriptor = _descriptors.AsMemory(location.Offset, location.Length);
            MessageSchema loaded = SchemaLoader.LoadMessage(this, fullName, descriptor, location.IsProto3);
            _messages.Add(fullName, loaded);
            return loaded;
        }
    }

    /// <summary>Gets a message that is known to exist.</summary>
    /// <exception cref="KeyNotFoundException">The table lacks the message: a mistake in the caller.</exception>
    public MessageSchema GetMessage(string fullName) => FindMessage(fullName) ?? throw new KeyNotFoundException(fullName);

    /// <summary>Gets an enum that is known to exist.</summary>
    /// <exception cref="KeyNotFoundException">The table lacks the enum: a mistake in the caller.</exception>
    public EnumSchema GetEnum(string fullName)
    {
        lock (_lock)
        {
            if (_enums.TryGetValue(fullName, out EnumSchema? known))
            {
                return known;
            }

            if (!_locations.TryGetValue(fullName, out TypeLocation location) || !location.IsEnum)
            {
                throw new KeyNotFoundException(fullName);
            }

            EnumSchema loaded = SchemaLoader.LoadEnum(fullName, _descriptors.AsSpan(location.Offset, location.Length));
            _enums.Add(fullName, loaded);
            return loaded;
        }
    }

    private void IndexFile(int offset, int length)
    {
        ReadOnlySpan<byte> file = _descriptors.AsSpan(offset, length);
        string package = "";
        bool isProto3 = false;
        WireReader header = new(file);
        while (header.TryReadField(out WireField field))
        {
            switch (field.Number)
            {
                case 2:
                    package = Encoding.UTF8.GetString(field.Payload(file));
                    break;
                case 12:
                    isProto3 = field.Payload(file).SequenceEqual("proto3"u8);
                    break;
            }
        }

        WireReader types = new(file);
        while (types.TryReadField(out WireField field))
        {
            if (field.Number is 4 or 5)
            {
                IndexType(package, offset + field.Offset, field.Length, isEnum: field.Number == 5, isProto3);
            }
        }
    }

    private void IndexType(string scope, int offset, int length, bool isEnum, bool isProto3)
    {
        ReadOnlySpan<byte> type = _descriptors.AsSpan(offset, length);
        string name = scope;
        WireReader reader = new(type);
        while (reader.TryReadField(out WireField field))
        {
            if (field.Number == 1)
            {
                string own = Encoding.UTF8.GetString(field.Payload(type));
                name = scope.Length == 0 ? own : scope + "." + own;
                _locations[name] = new TypeLocation(offset, length, isEnum, isProto3);
            }
            else if (!isEnum && field.Number is 3 or 4)
            {
                IndexType(name, offset + field.Offset, field.Length, isEnum: field.Number == 4, isProto3);
            }
        }
    }

    private readonly record struct TypeLocation(int Offset, int Length, bool IsEnum, bool IsProto3);

    private static class ApiHolder
    {
        internal static readonly SchemaTable Table = Load();

        private static SchemaTable Load()
        {
            using Stream stream = typeof(Envoy.Config.Bootstrap.V3.Bootstrap).Assembly.GetManifestResourceStream("descriptors.pb")
                ?? throw new InvalidOperationException("Sidecar.Api was built without its descriptor set.");
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return new SchemaTable(bytes);
        }
    }
}
