internal import Foundation
internal import Glibc

/// A TCP server on the loopback address that treats every client badly.
public final class GitHostileServer: Sendable {
    public enum Manner: Sendable {
        /// Takes what the client says and never answers.
        case silent
        /// Answers at once and closes the connection.
        case answer(String)
        /// Begins with a text, then repeats another, a byte every few milliseconds, for ever.
        case drip(String, repeating: String)
    }

    private let listener: LoopbackListener
    public var port: Int { listener.port }

    public init(_ manner: Manner) throws {
        let listener = try LoopbackListener()
        self.listener = listener
        Thread.detachNewThread {
            while true {
                let client = accept(listener.descriptor, nil, nil)
                guard client >= 0 else { return }
                Thread.detachNewThread { Self.serve(client, manner) }
            }
        }
    }

    /// Ends the thread that accepts.
    deinit {
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
        close(listener.descriptor)
    }

    /// An answer as a web server gives it.
    public static func page(_ status: String, type: String = "text/html", body: String = "<h1>no</h1>") -> Manner {
        .answer(
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)")
    }

    private static func serve(_ client: Int32, _ manner: Manner) {
        defer { close(client) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard recv(client, &buffer, buffer.count, 0) > 0 else { return }
        switch manner {
        case .silent: while recv(client, &buffer, buffer.count, 0) > 0 {}
        case .answer(let text): _ = send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL))
        case .drip(let start, let text):
            _ = send(client, start, start.utf8.count, Int32(MSG_NOSIGNAL))
            while text.utf8.allSatisfy({ drip($0, to: client) }) {}
        }
    }

    private static func drip(_ byte: UInt8, to client: Int32) -> Bool {
        usleep(20_000)
        return send(client, [byte], 1, Int32(MSG_NOSIGNAL)) == 1
    }
}
