using System.Buffers;
using System.Collections.Generic;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sidecar.Server.Admin;

/// <summary>What a handler answers: a status, headers, bytes written at once, then perhaps a body in pieces. Thread: main.</summary>
public sealed class AdminResponse
{
    public const string Text = "text/plain; charset=UTF-8";
    public const string Json = "application/json";
    public const string Html = "text/html; charset=UTF-8";

    /// <summary>JSON as Envoy's admin prints it: one space a level.</summary>
    private static readonly JsonWriterOptions s_pretty = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<KeyValuePair<string, string>> _headers = [];

    /// <param name="body">Takes what is written.</param>
    public AdminResponse(IBufferWriter<byte> body) => Body = body;

    public int Status { get; set; } = 200;

    public string ContentType { get; set; } = Text;

    /// <summary>Headers besides the usual ones; lower-case names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    public IBufferWriter<byte> Body { get; }

    /// <summary>The rest of the body, made while it is sent; null when <see cref="Body"/> holds all of it.</summary>
    public AdminBody? Rest { get; set; }

    public void AddHeader(string lowerCaseName, string value) => _headers.Add(new KeyValuePair<string, string>(lowerCaseName, value));

    /// <summary>Appends text to the body.</summary>
    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Body.Write(bytes);
    }

    /// <summary>Answers with an error status and a text.</summary>
    public void Fail(int status, string text)
    {
        Status = status;
        ContentType = Text;
        Write(text);
    }

    /// <summary>A writer of pretty JSON on the body; the caller disposes of it.</summary>
    public Utf8JsonWriter StartJson()
    {
        ContentType = Json;
        return CreateJson(Body);
    }

    /// <inheritdoc cref="StartJson"/>
    public static Utf8JsonWriter CreateJson(IBufferWriter<byte> output) => new(output, s_pretty);
}
