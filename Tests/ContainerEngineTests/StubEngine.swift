import ContainerEngine
import Foundation
import Logging
import Synchronization
import TestSupport

/// Plays the engine on a real unix socket with fixed answers, by the beginning of the request line.
final class StubEngine: Sendable {
    let scratch: Scratch
    let socket: String
    private let listener: Int32
    private let filler: Int32
    private let answers: [(prefix: String, answer: String)]
    private let seen = Mutex<[String]>([])

    /// Heads of the requests that came.
    var requests: [String] { seen.withLock { $0 } }

    static let ping = (
        "GET /_ping", "HTTP/1.1 200 OK\r\nLibpod-API-Version: 5.4.2\r\nContent-Length: 2\r\n\r\nOK"
    )

    static func json(_ status: String, _ body: String) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// An empty answer is silence. One that `isBusy` takes no connection.
    init(_ answers: [(String, String)], isBusy: Bool = false) throws {
        scratch = try Scratch()
        socket = scratch.path + "/s"
        self.answers = answers.map { (prefix: $0.0, answer: $0.1) }
        listener = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        filler = isBusy ? Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) : -1
        guard Self.call(bind, listener, socket), listen(listener, isBusy ? 0 : 16) == 0 else {
            throw POSIXError(.EADDRNOTAVAIL)
        }
        if isBusy {
            // The kernel keeps one that nobody accepts, and no other.
            guard Self.call(connect, filler, socket) else { throw POSIXError(.EADDRNOTAVAIL) }
            return
        }
        Thread.detachNewThread { [weak self, listener] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let self else { return }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    /// Whether `bind` or `connect` succeeds with the address of a socket.
    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ descriptor: Int32, _ path: String
    ) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    func close() {
        if filler >= 0 { Foundation.close(filler) }
        shutdown(listener, Int32(SHUT_RDWR))
        Foundation.close(listener)
    }

    private func serve(_ connection: Int32) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { break }
            let head = String(decoding: buffer[..<count], as: UTF8.self)
            guard let answer = answers.first(where: { head.hasPrefix($0.prefix) })?.answer else { continue }
            seen.withLock { $0.append(head) }
            _ = answer.withCString { write(connection, $0, strlen($0)) }
            if answer.hasSuffix("CUT") { break }
        }
        Foundation.close(connection)
    }

    func engine(_ change: (inout EngineConfiguration) -> Void = { _ in }) -> PodmanEngine {
        var configuration = EngineConfiguration()
        configuration.socket = socket
        configuration.startsService = false
        change(&configuration)
        return PodmanEngine(configuration: configuration, logger: Logger(label: "test"))
    }
}
