"""Opens real sockets in many network namespaces from one process, and reports what happened to each probe.

A socket belongs to the namespace in which it was made, for good. So one process enters each namespace in turn, makes
its sockets, and serves all of them from one loop. Commands and answers are JSON, one per line.

  {"listen": {"places": [{"netns": N, "address": A}], "ports": {"TCP": [..], "UDP": [..], "SCTP": [..]}}}
  {"probe": [[from address, to address, "TCP" | "UDP" | "SCTP" | "ICMP" | "ICMPv6", port], ..]}

Outcomes: "allowed" (the answer came from the right place and names the source that it saw), "denied" (the kernel
delivered the filter's own refusal: ICMP administratively prohibited), "silent" (neither, after several tries), or
"odd: ..." (anything else: never counted as a verdict).
"""
import ctypes
import errno
import ipaddress
import json
import os
import resource
import selectors
import socket
import struct
import sys
import time

CLONE_NEWNET = 0x40000000
IP_BIND_ADDRESS_NO_PORT = 24
SO_RCVBUFFORCE = 33
IP_RECVERR = 11
IPV6_RECVERR = 25
MSG_ERRQUEUE = 0x2000
IN_FLIGHT = 300
TRIES = 4
PATIENCE = 1.0
SCTP_INIT, SCTP_INIT_ACK, SCTP_ABORT = 1, 2, 6
LIBC = ctypes.CDLL(None, use_errno=True)


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def canonical(address):
    return str(ipaddress.ip_address(address.split("%")[0]))


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ 0x82F63B78 if value & 1 else value >> 1
        table.append(value)
    return table


CRC_TABLE = crc_table()


def sctp_packet(source_port, port, tag, chunk_type):
    """An INIT or INIT ACK as of RFC 9260 section 3.3.2, without optional parameters."""
    chunk = struct.pack("!BBHIIHHI", chunk_type, 0, 20, 0x52460001, 65536, 1, 1, 1)
    if chunk_type == SCTP_INIT_ACK:  # a State Cookie is mandatory in INIT ACK
        chunk = struct.pack("!BBHIIHHIHHI", chunk_type, 0, 28, 0x52460002, 65536, 1, 1, 1, 7, 8, 0x52465246)
    crc = crc32c(struct.pack("!HHII", source_port, port, tag, 0) + chunk)
    # RFC 9260 appendix A: the checksum goes out with its bytes reversed.
    return struct.pack("!HHI", source_port, port, tag) + struct.pack("<I", crc) + chunk


class Place:
    """One address in one namespace, with its listeners and the raw sockets that SCTP and ICMP need."""

    def __init__(self, netns, address):
        self.netns = netns
        self.address = address
        self.family = family_of(address)
        self.sctp = None
        self.icmp = None
        self.sctp_ports = frozenset()
        self.sctp_probes = {}
        self.echo_probes = {}


class Probe:
    __slots__ = ("index", "place", "target", "protocol", "port", "sock", "tries", "deadline", "key", "stage")

    def __init__(self, index, place, target, protocol, port):
        self.index = index
        self.place = place
        self.target = target
        self.protocol = protocol
        self.port = port
        self.sock = None
        self.tries = 0
        self.deadline = 0.0
        self.key = 0
        self.stage = b""


class Agent:
    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.netns_fds = {}
        self.current = None
        self.places = {}
        self.listeners = []
        self.results = []
        self.flying = {}
        self.next_key = 1

    # ------------------------------------------------------------ namespaces and sockets

    def enter(self, netns):
        if self.current == netns:
            return
        if netns not in self.netns_fds:
            self.netns_fds[netns] = os.open("/var/run/netns/" + netns, os.O_RDONLY | os.O_CLOEXEC)
        if LIBC.setns(self.netns_fds[netns], CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns " + netns)
        self.current = netns

    def socket(self, place, kind, protocol=0):
        self.enter(place.netns)
        sock = socket.socket(place.family, kind | socket.SOCK_NONBLOCK, protocol)
        return sock

    def watch(self, sock, handler, events=selectors.EVENT_READ):
        self.selector.register(sock, events, handler)

    def drop(self, sock):
        self.selector.unregister(sock)
        sock.close()

    # ------------------------------------------------------------ listeners

    def listen(self, command):
        for sock in self.listeners:
            self.drop(sock)
        self.listeners = []
        self.places = {}
        for entry in command["places"]:
            place = Place(entry["netns"], canonical(entry["address"]))
            self.places[place.address] = place
            self.open_place(place, command["ports"])

    def open_place(self, place, ports):
        for port in ports.get("TCP", []):
            sock = self.socket(place, socket.SOCK_STREAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((place.address, port))
            sock.listen(512)
            self.keep(sock, lambda s, p=place: self.accept(s, p))
        for port in ports.get("UDP", []):
            sock = self.socket(place, socket.SOCK_DGRAM)
            sock.bind((place.address, port))
            self.keep(sock, lambda s, p=place: self.answer_datagram(s, p))
        place.sctp_ports = frozenset(ports.get("SCTP", []))
        place.sctp = self.raw(place, socket.IPPROTO_SCTP)
        self.keep(place.sctp, lambda s, p=place: self.read_sctp(s, p))
        v4 = place.family == socket.AF_INET
        place.icmp = self.raw(place, socket.IPPROTO_ICMP if v4 else socket.IPPROTO_ICMPV6)
        self.keep(place.icmp, lambda s, p=place: self.read_icmp(s, p))

    def raw(self, place, protocol):
        sock = self.socket(place, socket.SOCK_RAW, protocol)
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
        sock.bind((place.address, 0))
        return sock

    def keep(self, sock, handler):
        self.listeners.append(sock)
        self.watch(sock, handler)

    def accept(self, sock, place):
        while True:
            try:
                peer, source = sock.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            try:
                peer.send(receipt(place.address, source[0]))
            except OSError:
                pass  # the prober gave up; its own outcome tells
            peer.close()

    def answer_datagram(self, sock, place):
        for _, source in datagrams(sock):
            send_quietly(sock, receipt(place.address, source[0]), source)

    # ------------------------------------------------------------ probes

    def probe(self, wanted):
        self.results = ["silent"] * len(wanted)
        waiting = [self.probe_of(index, entry) for index, entry in enumerate(wanted)]
        waiting.reverse()
        while waiting or self.flying:
            while waiting and len(self.flying) < IN_FLIGHT:
                self.start(waiting.pop())
            for key, _ in self.selector.select(0.05):
                if key.fileobj.fileno() >= 0:
                    key.data(key.fileobj)
            self.check_deadlines()
        return self.results

    def probe_of(self, index, entry):
        source, target, protocol, port = entry
        return Probe(index, self.places[canonical(source)], canonical(target), protocol, port)

    def start(self, probe):
        # Counted, not drawn: a key is a port and part of a conntrack tuple, and two live probes never share one.
        probe.key = self.next_key
        self.next_key = self.next_key % 60000 + 1
        self.flying[probe.index] = probe
        probe.deadline = time.monotonic() + PATIENCE
        if probe.protocol == "TCP":
            self.start_stream(probe)
        elif probe.protocol == "UDP":
            self.start_datagram(probe)
        else:
            table = probe.place.sctp_probes if probe.protocol == "SCTP" else probe.place.echo_probes
            table[probe.key] = probe
            self.send_raw(probe)

    def start_stream(self, probe):
        sock = self.bound(probe, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        code = sock.connect_ex((probe.target, probe.port))
        if code not in (0, errno.EINPROGRESS):
            return self.finish(probe, outcome_of(code))
        self.watch(sock, lambda s, p=probe: self.stream_ready(s, p), selectors.EVENT_READ)

    def start_datagram(self, probe):
        sock = self.bound(probe, socket.SOCK_DGRAM)
        code = sock.connect_ex((probe.target, probe.port))
        if code != 0:
            return self.finish(probe, outcome_of(code))
        self.watch(sock, lambda s, p=probe: self.datagram_ready(s, p))
        send_quietly(sock, b"?", None)

    def bound(self, probe, kind):
        sock = self.socket(probe.place, kind)
        probe.sock = sock
        # A refusal can arrive while connect() still holds the socket; only the error queue keeps it then.
        if probe.place.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        else:
            sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVERR, 1)
        if kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind((probe.place.address, 0))
        return sock

    def stream_ready(self, sock, probe):
        refusal = queued_refusal(sock)
        if refusal:
            return self.finish(probe, refusal)
        try:
            data = sock.recv(200)
        except BlockingIOError:
            return
        except OSError as error:
            return self.finish(probe, outcome_of(error.errno))
        probe.stage += data
        if data == b"" or probe.stage.endswith(b"\n"):
            self.finish(probe, verified(probe, probe.stage))

    def datagram_ready(self, sock, probe):
        refusal = queued_refusal(sock)
        if refusal:
            return self.finish(probe, refusal)
        try:
            self.finish(probe, verified(probe, sock.recv(200)))
        except BlockingIOError:
            return
        except OSError as error:
            self.finish(probe, outcome_of(error.errno))

    def send_raw(self, probe):
        if probe.protocol == "SCTP":
            packet = sctp_packet(probe.key, probe.port, 0, SCTP_INIT)
            return send_quietly(probe.place.sctp, packet, (probe.target, 0))
        v4 = probe.protocol == "ICMP"
        packet = struct.pack("!BBHHH", 8 if v4 else 128, 0, 0, probe.key, 1)
        if v4:
            packet = packet[:2] + struct.pack("!H", inet_checksum(packet)) + packet[4:]
        send_quietly(probe.place.icmp, packet, (probe.target, 0))

    def check_deadlines(self):
        now = time.monotonic()
        for probe in [p for p in self.flying.values() if p.deadline < now]:
            probe.tries += 1
            if probe.tries >= TRIES:
                self.finish(probe, "silent")
                continue
            probe.deadline = now + PATIENCE
            if probe.protocol == "UDP":
                send_quietly(probe.sock, b"?", None)
            elif probe.protocol != "TCP":  # the kernel repeats a SYN by itself
                self.send_raw(probe)

    def finish(self, probe, outcome):
        if self.flying.pop(probe.index, None) is None:
            return
        self.results[probe.index] = outcome
        if probe.sock is not None:
            try:
                self.selector.unregister(probe.sock)
            except KeyError:
                pass  # refused before it was watched
            probe.sock.close()
        probe.place.sctp_probes.pop(probe.key, None)
        probe.place.echo_probes.pop(probe.key, None)

    # ------------------------------------------------------------ raw traffic

    def read_sctp(self, sock, place):
        for data, source in datagrams(sock):
            packet = without_ip_header(data, place)
            if len(packet) < 20:
                continue
            source_port, port, _ = struct.unpack("!HHI", packet[:8])
            kind = packet[12]
            if kind == SCTP_INIT and port in place.sctp_ports:
                tag = struct.unpack("!I", packet[16:20])[0]
                send_quietly(sock, sctp_packet(port, source_port, tag, SCTP_INIT_ACK), (source[0], 0))
            elif kind in (SCTP_INIT_ACK, SCTP_ABORT):
                # ABORT: a kernel with its own SCTP answered first. Either way the packet went there and back.
                probe = place.sctp_probes.get(port)
                if probe and probe.port == source_port and canonical(source[0]) == probe.target:
                    self.finish(probe, "allowed")

    def read_icmp(self, sock, place):
        v4 = place.family == socket.AF_INET
        for data, source in datagrams(sock):
            message = without_ip_header(data, place)
            if len(message) < 8:
                continue
            kind, code = message[0], message[1]
            if kind == (0 if v4 else 129):
                probe = place.echo_probes.get(struct.unpack("!H", message[4:6])[0])
                if probe and canonical(source[0]) == probe.target:
                    self.finish(probe, "allowed")
            elif kind == (3 if v4 else 1):
                self.read_refusal(place, message[8:], refusal_of(kind, code))

    def read_refusal(self, place, quoted, outcome):
        """The refused packet is quoted in the message: it says which probe it was."""
        v4 = place.family == socket.AF_INET
        protocol = quoted[9] if v4 else quoted[6]
        inner = quoted[(quoted[0] & 15) * 4:] if v4 else quoted[40:]
        if protocol == socket.IPPROTO_SCTP:
            probe = place.sctp_probes.get(struct.unpack("!H", inner[:2])[0])
        elif protocol in (socket.IPPROTO_ICMP, socket.IPPROTO_ICMPV6):
            probe = place.echo_probes.get(struct.unpack("!H", inner[4:6])[0])
        else:
            return  # TCP and UDP hear of it through their own sockets
        if probe:
            self.finish(probe, outcome)


def receipt(address, source):
    return f"{address} {canonical(source)}\n".encode()


def verified(probe, answer):
    wanted = receipt(probe.target, probe.place.address)
    return "allowed" if answer == wanted else "odd: answer " + repr(answer)


def outcome_of(code):
    return "odd: " + errno.errorcode.get(code, str(code))


def refusal_of(kind, code):
    """Administratively prohibited, and nothing else, is the filter's own word (RFC 1812 5.2.7.1, RFC 4443 3.1)."""
    return "denied" if (kind, code) in ((3, 13), (1, 1)) else f"odd: icmp type {kind} code {code}"


def queued_refusal(sock):
    try:
        _, ancillary, _, _ = sock.recvmsg(512, 512, MSG_ERRQUEUE)
    except OSError:
        return None
    for level, kind, data in ancillary:
        if (level, kind) in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)):
            return refusal_of(data[5], data[6])  # struct sock_extended_err: ee_type, ee_code
    return None


def without_ip_header(data, place):
    return data[(data[0] & 15) * 4:] if place.family == socket.AF_INET else data


def datagrams(sock):
    while True:
        try:
            yield sock.recvfrom(2048)
        except OSError:
            return


def send_quietly(sock, data, target):
    """A refusal of an earlier packet may surface in send; the receiving side reports it, and deadlines repeat sends."""
    try:
        if target is None:
            sock.send(data)
        else:
            sock.sendto(data, target)
    except OSError:
        pass


def inet_checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    agent = Agent()
    for line in sys.stdin:
        command = json.loads(line)
        if "listen" in command:
            agent.listen(command["listen"])
            answer = True
        else:
            answer = agent.probe(command["probe"])
        print(json.dumps(answer), flush=True)


main()
