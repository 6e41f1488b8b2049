using Sidecar.Core.Buffers;

namespace Sidecar.Server.Admin;

/// <summary>Where a response goes. Thread: main.</summary>
internal abstract class AdminSink
{
    /// <summary>The client is gone, or the exchange is over: nothing more can be sent.</summary>
    public abstract bool IsClosed { get; }

    public abstract void SendHeaders(AdminResponse response, bool endStream);

    /// <summary>Moves everything out of the chain.</summary>
    public abstract void SendData(BufferChain data, bool endStream);
}

/// <summary>
/// Sends a response in pieces, and makes the next piece only when the client has taken enough of those before. Thread: main.
/// </summary>
internal sealed class ResponsePump(AdminSink sink, SlabPool slabs)
{
    /// <summary>A piece is sent when it has reached so many bytes.</summary>
    public const int PieceBytes = 32 * 1024;

    private AdminBuffer? _buffer;
    private AdminBody? _rest;
    private bool _isPaused;
    private bool _isRunning;

    /// <summary>Answers a request.</summary>
    public void Start(AdminHandlers handlers, AdminRequest request)
    {
        var buffer = new AdminBuffer(slabs);
        var response = new AdminResponse(buffer);
        handlers.Handle(request, response);
        Start(response, buffer, headOnly: request.Method == "HEAD");
    }

    /// <summary>Answers with an error before there is a request to handle.</summary>
    public void StartError(int status, string text)
    {
        var buffer = new AdminBuffer(slabs);
        var response = new AdminResponse(buffer);
        response.Fail(status, text);
        Start(response, buffer, headOnly: false);
    }

    /// <summary>The client does not keep up (true), or does again (false).</summary>
    public void Pause(bool pause)
    {
        _isPaused = pause;
        Run();
    }

    /// <summary>Forgets the response, sent or not.</summary>
    public void Reset()
    {
        _buffer?.Chain.Clear();
        _buffer = null;
        _rest = null;
        _isPaused = false;
    }

    private void Start(AdminResponse response, AdminBuffer buffer, bool headOnly)
    {
        _rest = response.Rest;
        bool isEmpty = headOnly || (_rest is null && buffer.Chain.IsEmpty);
        _buffer = buffer;
        sink.SendHeaders(response, isEmpty);
        if (isEmpty)
        {
            Reset();
        }
        else
        {
            Run();
        }
    }

    private void Run()
    {
        // Sending may pause, resume or end the exchange from inside the call.
        if (_isRunning)
        {
            return;
        }

        _isRunning = true;
        while (_buffer is { } buffer && !_isPaused && !sink.IsClosed)
        {
            while (_rest is not null && buffer.Chain.Length < PieceBytes)
            {
                _rest = _rest.WriteNext(buffer) ? _rest : null;
            }

            bool isLast = _rest is null;
            _buffer = isLast ? null : buffer;
            sink.SendData(buffer.Chain, isLast);
        }

        _isRunning = false;
    }
}
