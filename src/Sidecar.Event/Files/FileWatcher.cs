using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Sidecar.Event.Io;
using Sidecar.Event.Native;

namespace Sidecar.Event.Files;

/// <summary>What happened to a file.</summary>
[Flags]
public enum FileChange : byte
{
    None = 0,

    /// <summary>Moved to its name: how files are replaced atomically, and how Kubernetes swaps <c>..data</c>.</summary>
    MovedTo = 1,

    /// <summary>Written and closed.</summary>
    Modified = 2,

    /// <summary>Created, perhaps still empty.</summary>
    Created = 4,
}

/// <summary>Told of changes of a watched path. Thread: main.</summary>
public abstract class FileWatchHandler
{
    /// <summary>One or more changes since the last call.</summary>
    /// <param name="path">The file that changed.</param>
    /// <param name="change">What happened.</param>
    public abstract void OnFileChanged(string path, FileChange change);
}

/// <summary>
/// Watches files and directories by inotify(7). The directory is watched even for a single file, because a file that is replaced
/// is another inode. Thread: main.
/// </summary>
public sealed class FileWatcher : FileEventHandler, IDisposable
{
    private const int HeaderBytes = 16;
    private const int BufferBytes = 16 * 1024;

    private readonly int _inotify;
    private readonly FileEvent _event;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<int, WatchedDirectory> _byDescriptor = [];

    public FileWatcher(Dispatcher dispatcher)
    {
        _inotify = Sys.InotifyInit1(Inotify.NonBlock | Inotify.CloseOnExec);
        if (_inotify < 0)
        {
            throw new IOException($"inotify: {Sys.LastError}");
        }

        _event = dispatcher.CreateFileEvent(_inotify, this, FileReadiness.Read);
    }

    /// <summary>
    /// Watches a file (which need not exist yet) or everything directly in a directory, until the result is disposed.
    /// </summary>
    /// <exception cref="IOException">The directory can't be watched, e.g. it does not exist.</exception>
    public IDisposable Watch(string path, FileChange changes, FileWatchHandler handler)
    {
        bool isDirectory = Directory.Exists(path);
        string full = Path.GetFullPath(path);
        string directory = isDirectory ? full : Path.GetDirectoryName(full) ?? "/";
        WatchedDirectory watched = WatchDirectory(directory);
        var watch = new FileWatch(this, watched, isDirectory ? null : Path.GetFileName(full), changes, handler);
        watched.Watches.Add(watch);
        return watch;
    }

    /// <summary>Ends all watches.</summary>
    public void Dispose()
    {
        if (_event.Fd >= 0)
        {
            _event.Close();
            _ = Sys.Close(_inotify);
            _byDescriptor.Clear();
        }
    }

    public override unsafe void OnReady(FileEvent file, FileReadiness readiness)
    {
        while (file.Fd >= 0)
        {
            nint n;
            fixed (byte* buffer = _buffer)
            {
                n = Sys.Read(_inotify, buffer, BufferBytes);
            }

            if (n <= 0)
            {
                return;
            }

            ReadEvents(_buffer.AsSpan(0, (int)n));
        }
    }

    /// <summary>struct inotify_event: wd, mask, cookie, len, then a name padded with zeros.</summary>
    private void ReadEvents(ReadOnlySpan<byte> events)
    {
        while (events.Length >= HeaderBytes)
        {
            int descriptor = BinaryPrimitives.ReadInt32LittleEndian(events);
            uint mask = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
            int nameBytes = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
            string name = Encoding.UTF8.GetString(events.Slice(HeaderBytes, nameBytes)).TrimEnd('\0');
            events = events[(HeaderBytes + nameBytes)..];
            if ((mask & Inotify.QueueOverflow) != 0)
            {
                TellAll();
            }
            else if ((mask & Inotify.Ignored) != 0)
            {
                _byDescriptor.Remove(descriptor);
            }
            else if (_byDescriptor.TryGetValue(descriptor, out WatchedDirectory? watched))
            {
                Tell(watched, name, ChangeOf(mask));
            }
        }
    }

    /// <summary>Events were lost: every watched path may have changed.</summary>
    private void TellAll()
    {
        foreach (WatchedDirectory watched in new List<WatchedDirectory>(_byDescriptor.Values))
        {
            foreach (FileWatch watch in watched.Watches.ToArray())
            {
                watch.Handler.OnFileChanged(watch.Name is null ? watched.Path : Path.Combine(watched.Path, watch.Name), watch.Changes);
            }
        }
    }

    private static void Tell(WatchedDirectory watched, string name, FileChange change)
    {
        // A copy: handlers watch and unwatch.
        foreach (FileWatch watch in watched.Watches.ToArray())
        {
            FileChange told = watch.Changes & change;
            if (told != FileChange.None && (watch.Name is null || watch.Name == name) && watched.Watches.Contains(watch))
            {
                watch.Handler.OnFileChanged(Path.Combine(watched.Path, name), told);
            }
        }
    }

    private static FileChange ChangeOf(uint mask) =>
        ((mask & Inotify.MovedTo) != 0 ? FileChange.MovedTo : FileChange.None)
        | ((mask & Inotify.CloseWrite) != 0 ? FileChange.Modified : FileChange.None)
        | ((mask & Inotify.Create) != 0 ? FileChange.Created : FileChange.None);

    private unsafe WatchedDirectory WatchDirectory(string directory)
    {
        int descriptor;
        fixed (byte* path = Encoding.UTF8.GetBytes(directory + "\0"))
        {
            descriptor = Sys.InotifyAddWatch(_inotify, path, Inotify.MovedTo | Inotify.CloseWrite | Inotify.Create);
        }

        if (descriptor < 0)
        {
            throw new IOException($"unable to watch {directory}: {Sys.LastError}");
        }

        // The kernel answers with the same descriptor for the same directory.
        if (!_byDescriptor.TryGetValue(descriptor, out WatchedDirectory? watched))
        {
            watched = new WatchedDirectory(directory, descriptor);
            _byDescriptor.Add(descriptor, watched);
        }

        return watched;
    }

    private void Remove(FileWatch watch)
    {
        WatchedDirectory watched = watch.Directory;
        if (watched.Watches.Remove(watch) && watched.Watches.Count == 0 && _byDescriptor.Remove(watched.Descriptor))
        {
            _ = Sys.InotifyRemoveWatch(_inotify, watched.Descriptor);
        }
    }

    private sealed class WatchedDirectory(string path, int descriptor)
    {
        public string Path { get; } = path;

        public int Descriptor { get; } = descriptor;

        public List<FileWatch> Watches { get; } = [];
    }

    private sealed class FileWatch(FileWatcher owner, WatchedDirectory directory, string? name, FileChange changes, FileWatchHandler handler)
        : IDisposable
    {
        public WatchedDirectory Directory { get; } = directory;

        /// <summary>The file's name; null for everything in the directory.</summary>
        public string? Name { get; } = name;

        public FileChange Changes { get; } = changes;

        public FileWatchHandler Handler { get; } = handler;

        public void Dispose() => owner.Remove(this);
    }
}
