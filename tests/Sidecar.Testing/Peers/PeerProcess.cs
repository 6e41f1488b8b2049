using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Sidecar.Testing.Peers;

/// <summary>
/// A process that a test talks to by lines: what it prints is waited for in order, what it is sent goes to its stdin. Both its outputs are
/// one stream of lines. Disposing kills it. One thread waits at a time.
/// </summary>
public sealed partial class PeerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];
    private int _openOutputs = 2;

    /// <summary>Starts a program.</summary>
    /// <param name="program">A path, or a name found on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    public PeerProcess(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryFolder.Root,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Every line that has been waited for or passed over, for messages.</summary>
    public string Output => string.Join('\n', _seen);

    /// <summary>Sends one line.</summary>
    public async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line for which <paramref name="isIt"/> holds; lines before it are passed over.</summary>
    /// <exception cref="TimeoutException">No such line came; the message has all that did.</exception>
    public async Task<string> WaitForLineAsync(Predicate<string> isIt)
    {
        using CancellationTokenSource patience = new(s_patience);
        try
        {
            await foreach (string line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                _seen.Add(line);
                if (isIt(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, as for a process that has ended.
        }

        string state = _process.HasExited ? $"ended with {_process.ExitCode}" : "is still running";
        throw new TimeoutException($"{_process.StartInfo.FileName} {state} without the expected line; it printed:\n{Output}");
    }

    /// <summary>The next line that contains <paramref name="text"/>.</summary>
    public Task<string> WaitForTextAsync(string text) => WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Asks the process to end, as a supervisor does.</summary>
    public void Terminate() => _ = Kill(_process.Id, SigTerm);

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void OnLine(object sender, DataReceivedEventArgs received)
    {
        if (received.Data is not null)
        {
            _lines.Writer.TryWrite(received.Data);
        }
        else if (Interlocked.Decrement(ref _openOutputs) == 0)
        {
            _lines.Writer.Complete();
        }
    }
}
