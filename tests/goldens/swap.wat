;; Bytes that rotations and masks turn around are turned around by one instruction, where the machine has it.
(module
  (memory 1)
  (func (export "_start")
    (call $f (i32.load (i32.const 0))))
  (func $f (param $x i32)
    (i32.store (i32.const 0)
      (i32.or
        (i32.rotr (i32.and (local.get $x) (i32.const 0xff00ff)) (i32.const 8))
        (i32.and (i32.rotr (local.get $x) (i32.const 24)) (i32.const 0xff00ff))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   bswapl %edi
;;|   uninit  %rsi
;;|   xorq %rsi, %rsi
;;|   movl %edi, 0x40000000(%rsi)
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   rev32 w3, w2
;;|   movz x4, #16, LSL #32
;;|   str w3, [x4]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a1,4080
;;|   addi a1,a1,255
;;|   and a3,a0,a1
;;|   li a2,8
;;|   slli a3,a3,32
;;|   srli a3,a3,32
;;|   andi a2,a2,31
;;|   li a4,32
;;|   sub a5,a4,a2
;;|   srl a4,a3,a2
;;|   sll a3,a3,a5
;;|   select a3,zero,a3##condition=(a2 eq zero)
;;|   or a2,a4,a3
;;|   li a4,24
;;|   slli a0,a0,32
;;|   srli a3,a0,32
;;|   andi a0,a4,31
;;|   li a4,32
;;|   sub a5,a4,a0
;;|   srl a4,a3,a0
;;|   sll a3,a3,a5
;;|   select a3,zero,a3##condition=(a0 eq zero)
;;|   or a0,a4,a3
;;|   and a0,a0,a1
;;|   or a0,a2,a0
;;|   lui a1,1
;;|   slli a1,a1,24
;;|   sw a0,0(a1)
;;|   ret
