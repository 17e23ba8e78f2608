internal import Glibc
internal import Synchronization

/// Where a command writes: results to standard output, everything else to standard error.
public struct Console: Sendable {
    /// Writes text as it is.
    public var writeResult: @Sendable (String) -> Void
    /// Writes text as it is.
    public var writeChatter: @Sendable (String) -> Void
    /// Standard output is a terminal.
    public var resultIsTerminal: Bool
    /// Standard error is a terminal that understands cursor movement.
    public var chatterIsTerminal: Bool
    /// Of the terminal, in characters.
    public var columns: @Sendable () -> Int
    /// Asks a question and returns the line that was typed; `nil` when nobody can answer.
    public var ask: @Sendable (String) -> String?
    /// The value that standard input holds, without one line end at its end; typed unseen at a terminal.
    public var readSecret: @Sendable (String) -> String? = { _ in nil }
    /// Asks at the terminal of this process, whatever standard input is; `nil` where there is none, or nobody answers in time.
    public var askAtTerminal: @Sendable (String, Duration) -> String? = { _, _ in nil }
    /// Why a part of the result could not be written, such as a full disk; `nil` when all was, or nobody reads on.
    public var resultFailure: @Sendable () -> String? = { nil }

    public init(
        writeResult: @escaping @Sendable (String) -> Void, writeChatter: @escaping @Sendable (String) -> Void,
        resultIsTerminal: Bool = false, chatterIsTerminal: Bool = false,
        columns: @escaping @Sendable () -> Int = { 80 }, ask: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.writeResult = writeResult
        self.writeChatter = writeChatter
        self.resultIsTerminal = resultIsTerminal
        self.chatterIsTerminal = chatterIsTerminal
        self.columns = columns
        self.ask = ask
    }

    /// The process's own standard streams.
    public static func standard(environment: [String: String]) -> Self {
        let understandsCursor = !["", "dumb"].contains(environment["TERM"] ?? "")
        let failure = Mutex<String?>(nil)
        let result: @Sendable (String) -> Void = { text in
            guard let reason = write(text, to: STDOUT_FILENO) else { return }
            failure.withLock { $0 = $0 ?? reason }
        }
        var console = Self(
            writeResult: result, writeChatter: { _ = write($0, to: STDERR_FILENO) },
            resultIsTerminal: isatty(STDOUT_FILENO) == 1,
            chatterIsTerminal: isatty(STDERR_FILENO) == 1 && understandsCursor,
            columns: terminalColumns, ask: question)
        console.readSecret = secret
        console.askAtTerminal = terminalQuestion
        console.resultFailure = { failure.withLock { $0 } }
        return console
    }

    /// One line of a result.
    public func result(_ line: String) { writeResult(line + "\n") }
    /// One line of chatter.
    public func note(_ line: String) { writeChatter(line + "\n") }

    /// Returns why not all was written.
    private static func write(_ text: String, to descriptor: Int32) -> String? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count < 0 else {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            // Whoever shares the terminal or pipe with us may have made it non-blocking.
            case EAGAIN:
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&request, 1, 60_000) > 0 else { return "nobody reads it" }
            // A closed pipe (`fairlead history | head -1`) ends the output, not the program's work.
            case EPIPE: return nil
            default: return String(cString: strerror(errno))
            }
        }
        return nil
    }

    private static func terminalColumns() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private static func question(_ text: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        _ = write(text, to: STDERR_FILENO)
        return readLine()
    }

    private static func terminalQuestion(_ text: String, _ patience: Duration) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        _ = write(text, to: terminal)
        var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, Int32(clamping: patience.components.seconds * 1000)) > 0 else { return nil }
        // A terminal gives a line at once.
        var line = [UInt8](repeating: 0, count: 1024)
        let count = read(terminal, &line, line.count)
        return count > 0 ? String(decoding: line[..<count], as: UTF8.self).trimmingSpaces : nil
    }

    private static func secret(_ text: String) -> String? {
        if isatty(STDIN_FILENO) == 1 {
            // ^C among it: getpass takes it for a character.
            return getpass(text).map { String(cString: $0) }.flatMap { $0.utf8.contains { $0 < 0x20 } ? nil : $0 }
        }
        var lines: [String] = []
        while let line = readLine(strippingNewline: false) { lines.append(line) }
        let value = lines.joined()
        return value.hasSuffix("\n") ? String(value.dropLast()) : value
    }
}
