internal import Foundation
internal import Glibc

/// Stands between clients and a TCP server of this host, like a slow line; what it passes on it does not change.
public final class SlowRelay: Sendable {
    private let listener: LoopbackListener
    public var port: Int { listener.port }

    /// Passes on so many bytes a second of what the server at `target` sends, and after `limit` bytes of one connection
    /// nothing more, without closing it.
    public init(to target: Int, bytesPerSecond: Int, limit: Int = .max) throws {
        let listener = try LoopbackListener()
        self.listener = listener
        Thread.detachNewThread {
            while case let client = accept(listener.descriptor, nil, nil), client >= 0 {
                guard let server = try? LoopbackPort.connection(to: UInt16(target)) else {
                    close(client)
                    continue
                }
                Thread.detachNewThread { Self.copy(from: client, to: server) }
                Thread.detachNewThread {
                    Self.copy(from: server, to: client, chunk: max(1, bytesPerSecond / 100), limit: limit)
                    close(server)
                    close(client)
                }
            }
        }
    }

    deinit {
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
        close(listener.descriptor)
    }

    /// Until one of them is closed. `chunk`: bytes in 10 ms; all at once when there is none.
    private static func copy(from source: Int32, to target: Int32, chunk: Int? = nil, limit: Int = .max) {
        var buffer = [UInt8](repeating: 0, count: chunk ?? 64 << 10)
        var left = limit
        while left > 0, case let count = recv(source, &buffer, min(buffer.count, left), 0), count > 0 {
            guard send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
            left -= count
            if chunk != nil { usleep(10_000) }
        }
        // Silent, until the client gives up.
        if left == 0 { while recv(target, &buffer, buffer.count, Int32(MSG_PEEK)) > 0 { usleep(10_000) } }
        shutdown(target, Int32(SHUT_RDWR))
        shutdown(source, Int32(SHUT_RDWR))
    }
}
