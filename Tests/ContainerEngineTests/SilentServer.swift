import Foundation
import TestSupport

/// Accepts connections on the loopback interface and never says a word.
final class SilentServer: Sendable {
    let port: UInt16
    private let descriptor: Int32

    var address: String { "127.0.0.1:\(port)" }

    init() throws {
        port = try LoopbackPort.free()
        descriptor = try LoopbackPort.listener(port)
    }

    /// Whether somebody has connected.
    var hasVisitor: Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) > 0
    }

    deinit { close(descriptor) }
}
