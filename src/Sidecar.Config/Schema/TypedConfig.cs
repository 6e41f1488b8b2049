using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Sidecar.Config.Schema;

/// <summary>
/// An extension's configuration is not what its factory takes. Thrown on the main thread only; the message is for the NACK.
/// </summary>
public sealed class TypedConfigException(string message) : Exception(message);

/// <summary>
/// Reads typed messages out of Any, without Google.Protobuf's descriptors: type URLs are compared with the names of the generated
/// classes.
/// </summary>
public static class TypedConfig
{
    /// <summary>Parses an Any as <typeparamref name="T"/>; a TypedStruct around it is taken off.</summary>
    /// <exception cref="TypedConfigException">The Any holds another type, or bytes or fields that are not of that type.</exception>
    public static T Parse<T>(Any any)
        where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(any);
        Tree.ConfigErrors errors = new();
        TypedPayload payload = TypedPayload.Unwrap(SchemaTable.Api, any.TypeUrl, any.Value.Span, errors);
        errors.RejectUnknownFields();
        if (payload.Message is null || !Names<T>(payload.Message))
        {
            string given = payload.TypeUrl.Length == 0 ? "no type" : $"\"{payload.TypeUrl}\"";
            throw new TypedConfigException($"expected a configuration of type {typeof(T).Name}, got {given}");
        }

        if (!errors.IsEmpty)
        {
            throw new TypedConfigException($"{payload.TypeUrl}: {errors}");
        }

        return Parse<T>(payload.Bytes);
    }

    /// <summary>Parses wire bytes as <typeparamref name="T"/>.</summary>
    /// <exception cref="TypedConfigException">The bytes are not such a message.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes)
        where T : class, IMessage<T>, new()
    {
        try
        {
            T message = new();
            message.MergeFrom(bytes);
            return message;
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new TypedConfigException($"not a valid {typeof(T).Name} message: {malformed.Message}");
        }
    }

    /// <summary>As <see cref="Parse{T}(Any)"/> but false if the Any holds another type.</summary>
    /// <exception cref="TypedConfigException">The type is right and the content is not.</exception>
    public static bool TryParse<T>(Any any, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>, new()
    {
        message = Is<T>(any) ? Parse<T>(any) : null;
        return message is not null;
    }

    /// <summary>The type URL inside an Any, with a TypedStruct taken off; empty for an empty Any.</summary>
    public static string TypeUrlOf(Any any)
    {
        ArgumentNullException.ThrowIfNull(any);
        return SchemaTable.Api.FindMessage(SchemaTable.NameOf(any.TypeUrl)) is { WellKnown: WellKnownType.TypedStruct }
            ? TypedPayload.Split(any.Value.Span, out _)
            : any.TypeUrl;
    }

    /// <summary>True if the Any, or the TypedStruct in it, holds a <typeparamref name="T"/>.</summary>
    public static bool Is<T>(Any any)
        where T : class, IMessage<T> => SchemaTable.Api.FindMessage(SchemaTable.NameOf(TypeUrlOf(any))) is { } message && Names<T>(message);

    /// <summary>True if <paramref name="message"/> is the type from which the class <typeparamref name="T"/> was generated.</summary>
    private static bool Names<T>(MessageSchema message) => ClassName(message.FullName) == typeof(T).FullName;

    /// <summary>
    /// The name that protoc gives the class of a message: namespaces in Pascal case, nested types inside a class named Types.
    /// </summary>
    private static string ClassName(string fullName)
    {
        StringBuilder name = new(fullName.Length + 16);
        StringBuilder scope = new(fullName.Length);
        bool isInType = false;
        foreach (string part in fullName.Split('.'))
        {
            name.Append(name.Length == 0 ? "" : isInType ? "+Types+" : ".");
            scope.Append(scope.Length == 0 ? "" : ".").Append(part);
            isInType = isInType || SchemaTable.Api.FindMessage(scope.ToString()) is not null;
            AppendPascal(name, part, isInType);
        }

        return name.ToString();
    }

    private static void AppendPascal(StringBuilder name, string part, bool isVerbatim)
    {
        bool isRaised = true;
        foreach (char c in part)
        {
            if (isVerbatim)
            {
                name.Append(c);
                continue;
            }

            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(isRaised ? char.ToUpperInvariant(c) : c);
            }

            isRaised = !char.IsAsciiLetter(c);
        }
    }
}
