using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Config.Schema;

/// <summary>Reads one DescriptorProto or EnumDescriptorProto. The numbers are those of google/protobuf/descriptor.proto.</summary>
internal static class SchemaLoader
{
    private const int DeprecatedOption = 3;
    private const int MapEntryOption = 7;
    private const int RulesExtension = 1071;
    private const int IgnoredExtension = 1072;
    private const int SensitiveExtension = 76569463;
    private const int RepeatedLabel = 3;

    internal static MessageSchema LoadMessage(SchemaTable table, string fullName, ReadOnlyMemory<byte> descriptor, bool isProto3)
    {
        List<FieldSchema> fields = [];
        List<OneofSchema> oneofs = [];
        bool isMapEntry = false;
        bool isValidated = true;
        WireReader reader = new(descriptor.Span);
        while (reader.TryReadField(out WireField part))
        {
            switch (part.Number)
            {
                case 2:
                    fields.Add(LoadField(table, descriptor.Slice(part.Offset, part.Length), isProto3));
                    break;
                case 7:
                    ReadOnlySpan<byte> options = part.Payload(descriptor.Span);
                    isMapEntry = ReadOption(options, MapEntryOption);
                    isValidated = !ReadOption(options, RulesExtension) && !ReadOption(options, IgnoredExtension);
                    break;
                case 8:
                    oneofs.Add(LoadOneof(part.Payload(descriptor.Span)));
                    break;
            }
        }

        fields.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        return new MessageSchema(fullName, [.. fields], [.. oneofs], isMapEntry, isValidated);
    }

    internal static EnumSchema LoadEnum(string fullName, ReadOnlySpan<byte> descriptor)
    {
        List<(string, int)> values = [];
        WireReader reader = new(descriptor);
        while (reader.TryReadField(out WireField part))
        {
            if (part.Number != 2)
            {
                continue;
            }

            ReadOnlySpan<byte> value = part.Payload(descriptor);
            string name = "";
            int number = 0;
            WireReader valueReader = new(value);
            while (valueReader.TryReadField(out WireField field))
            {
                if (field.Number == 1)
                {
                    name = Encoding.UTF8.GetString(field.Payload(value));
                }
                else if (field.Number == 2)
                {
                    number = (int)field.Value;
                }
            }

            values.Add((name, number));
        }

        return new EnumSchema(fullName, [.. values]);
    }

    private static FieldSchema LoadField(SchemaTable table, ReadOnlyMemory<byte> descriptor, bool isProto3)
    {
        ReadOnlySpan<byte> bytes = descriptor.Span;
        FieldDeclaration declaration = new() { HasExplicitPresence = !isProto3 };
        WireReader reader = new(bytes);
        while (reader.TryReadField(out WireField part))
        {
            switch (part.Number)
            {
                case 1:
                    declaration.Name = Encoding.UTF8.GetString(part.Payload(bytes));
                    break;
                case 3:
                    declaration.Number = (int)part.Value;
                    break;
                case 4:
                    declaration.IsRepeated = part.Value == RepeatedLabel;
                    break;
                case 5:
                    declaration.Kind = (FieldKind)part.Value;
                    break;
                case 6:
                    declaration.TypeName = Encoding.UTF8.GetString(part.Payload(bytes)).TrimStart('.');
                    break;
                case 8:
                    LoadOptions(ref declaration, descriptor.Slice(part.Offset, part.Length));
                    break;
                case 9:
                    declaration.OneofIndex = (int)part.Value;
                    break;
                case 10:
                    declaration.JsonName = Encoding.UTF8.GetString(part.Payload(bytes));
                    break;
                case 17:
                    declaration.HasExplicitPresence |= part.Value != 0;
                    break;
            }
        }

        // A proto3 `optional` field sits in a oneof of its own that exists in the descriptor only.
        if (isProto3 && declaration.HasExplicitPresence)
        {
            declaration.OneofIndex = -1;
        }

        return new FieldSchema(table, declaration);
    }

    private static void LoadOptions(ref FieldDeclaration declaration, ReadOnlyMemory<byte> options)
    {
        WireReader reader = new(options.Span);
        while (reader.TryReadField(out WireField option))
        {
            switch (option.Number)
            {
                case DeprecatedOption:
                    declaration.IsDeprecated = option.Value != 0;
                    break;
                case SensitiveExtension:
                    declaration.IsSensitive = option.Value != 0;
                    break;
                case RulesExtension:
                    declaration.Rules = options.Slice(option.Offset, option.Length);
                    break;
            }
        }
    }

    private static OneofSchema LoadOneof(ReadOnlySpan<byte> descriptor)
    {
        string name = "";
        bool isRequired = false;
        WireReader reader = new(descriptor);
        while (reader.TryReadField(out WireField part))
        {
            if (part.Number == 1)
            {
                name = Encoding.UTF8.GetString(part.Payload(descriptor));
            }
            else if (part.Number == 2)
            {
                isRequired = ReadOption(part.Payload(descriptor), RulesExtension);
            }
        }

        return new OneofSchema(name, isRequired);
    }

    private static bool ReadOption(ReadOnlySpan<byte> options, int number)
    {
        WireReader reader = new(options);
        bool isSet = false;
        while (reader.TryReadField(out WireField option))
        {
            isSet = option.Number == number ? option.Value != 0 : isSet;
        }

        return isSet;
    }
}
